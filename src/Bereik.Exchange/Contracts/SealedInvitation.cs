using Bereik.Exchange.Invitations;

namespace Bereik.Exchange.Contracts;

/// <summary>One invitation as it lies at the hub (nl: verzegelde uitnodiging): <c>{"number":"...","salt":"...","sealed":"..."}</c>. Format in <c>docs/formats/invitation.md</c>.</summary>
public sealed record SealedInvitation
{
    /// <summary>The number of the letter.</summary>
    public required LetterNumber Number { get; init; }

    /// <summary>The salt of this invitation.</summary>
    public required InvitationSalt Salt { get; init; }

    /// <summary>Nonce, ciphertext and tag of the outer seal in base64url: <see cref="InvitationFormat.SealedTextLength"/> characters.</summary>
    public required string Sealed { get; init; }

    /// <summary>Writes it: one line, members in this order.</summary>
    public byte[] ToJson() => StrictJson.Write(new Body { Number = Number.Text, Salt = Salt.ToString(), Sealed = Sealed });

    /// <summary>Reads it. Codes: <c>invitation.json</c>, <c>invitation.number</c>, <c>invitation.salt</c>, <c>invitation.sealed</c> (not canonical base64url of its one length), <c>invitation.notCanonical</c>
    /// (it would be written otherwise).</summary>
    /// <param name="json">Foreign bytes.</param>
    public static Parsed<SealedInvitation> Parse(ReadOnlySpan<byte> json)
    {
        if (StrictJson.Read<Body>(json) is not { } body) return new ParseError("invitation.json", "");
        if (!LetterNumber.TryParse(body.Number, out var number)) return new ParseError("invitation.number", "number");
        if (!InvitationSalt.TryParse(body.Salt, out var salt)) return new ParseError("invitation.salt", "salt");
        if (body.Sealed.Length != InvitationFormat.SealedTextLength || !StrictBase64Url.IsCanonical(body.Sealed)) return new ParseError("invitation.sealed", "sealed");
        var read = new SealedInvitation { Number = number, Salt = salt, Sealed = body.Sealed };

        // INVARIANT: what parses serialises to the same bytes.
        return json.SequenceEqual(read.ToJson()) ? read : new ParseError("invitation.notCanonical", "");
    }

    /// <summary>The word "invitation", never whose.</summary>
    public override string ToString() => "invitation";

    private sealed record Body
    {
        public required string Number { get; init; }
        public required string Salt { get; init; }
        public required string Sealed { get; init; }
    }
}
