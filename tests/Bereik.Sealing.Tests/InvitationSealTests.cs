using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Invitations;
using Bereik.Exchange.Keys;
using Bereik.Sealing.Invitations;
using Shouldly;
using Xunit;

namespace Bereik.Sealing.Tests;

// The double seal: with the code and the recipient's key it opens, with all the rest it does not, and every way of failing looks the same.
public sealed class InvitationSealTests : IDisposable
{
    private static readonly InvitedPerson Person = new() { GivenNames = "Marieke Zonnebloem", FamilyName = "Vandermerkwaardig", Street = "Kwikstaartpad", HouseNumber = "12", Box = "0003", Postcode = "9300", Place = "Aalst" };
    private readonly SigningKey source = SigningKey.Generate();
    private readonly SealingKey recipient = SealingKey.Generate();
    private readonly WaveCodes codes = WaveCodes.Draw();
    private readonly InvitationBinding binding;

    public InvitationSealTests() => binding = new InvitationBinding(Guid.NewGuid(), Bytes32.Random(), recipient.Kid);

    public void Dispose()
    {
        source.Dispose();
        recipient.Dispose();
        codes.Dispose();
    }

    [Fact]
    public void Invitation_WithCodeAndRecipientsKey_Opens()
    {
        var invitation = InvitationOf(Person);
        var made = Make(invitation, 0);
        var received = SealedInvitation.Parse(made.ToJson()).Value;
        received.ShouldBe(made);
        var inner = TakeOff(received, 0).ShouldNotBeNull();
        Encoding.Latin1.GetString(Decode(received.Sealed)).ShouldNotContain(inner[..40]);
        var opened = InvitationSeal.Open(inner, made.Number, binding, source.PublicKey, recipient).ShouldNotBeNull();
        opened.Document.ShouldBe(invitation);

        // Each of the two seals needs its own: the code opens the outer alone.
        using var stranger = SealingKey.Generate();
        InvitationSeal.Open(inner, made.Number, binding, source.PublicKey, stranger).ShouldBeNull();
        inner.Contains(Person.FamilyName, StringComparison.Ordinal).ShouldBeFalse();
        inner.Split('.').SelectMany(part => Encoding.Latin1.GetString(Decode(part))).ToArray().AsSpan().IndexOf(Person.FamilyName).ShouldBe(-1);
    }

    // Before an answer the hub has the wave as it was deposited; together with the recipient, its private key. Whatever can be made of the two opens nothing.
    [Fact]
    public void Invitation_AllTheHubHasAndTheRecipientsPrivateKey_DoNotOpenItWithoutTheCode()
    {
        const int Letters = 6;
        var wave = Enumerable.Range(0, Letters).Select(i => Make(InvitationOf(Person with { HouseNumber = $"{i}" }), i)).ToList();
        var database = wave.Select(made => Encoding.UTF8.GetString(made.ToJson())).ToList();
        foreach (var row in database)
        {
            var fields = JsonNode.Parse(row)!.AsObject().Select(member => (string)member.Value!).ToList();
            foreach (var text in fields.Concat(fields.Select(field => StrictBase64Url.TryDecode(field, out var bytes) ? Encoding.UTF8.GetString(bytes) : "")))
                foreach (var said in new[] { Person.GivenNames, Person.FamilyName, Person.Street, Person.Place }) text.ShouldNotContain(said);
        }

        foreach (var made in wave)
        {
            // The recipient's key on what lies there: on all of it, and on every part of it that could hold an inner seal.
            var bytes = Decode(made.Sealed);
            for (var from = 0; from + InvitationFormat.InnerLength <= bytes.Length; from++)
                InvitationSeal.Open(Encoding.Latin1.GetString(bytes, from, InvitationFormat.InnerLength), made.Number, binding, source.PublicKey, recipient).ShouldBeNull();
            InvitationSeal.Open(made.Sealed, made.Number, binding, source.PublicKey, recipient).ShouldBeNull();

            // Codes made of everything that is known of the letter, and those of the others.
            var known = new[] { Encoding.ASCII.GetBytes(made.Number.Text), Decode(made.Salt.ToString()), bytes, bytes[^16..], new byte[8], binding.ProtocolHash.ToArray(), binding.Wave.ToByteArray(bigEndian: true), Encoding.ASCII.GetBytes(recipient.Kid) };
            foreach (var secret in known.SelectMany(secret => new[] { secret, SHA256.HashData(secret) }))
            {
                using var guess = SecretCode.FromBits(secret);
                TakeOff(made, guess).ShouldBeNull();
            }
        }

        foreach (var (made, i) in wave.Select((made, i) => (made, i)))
            for (var j = 0; j < Letters; j++)
                if (i == j) InvitationSeal.Open(TakeOff(made, j)!, made.Number, binding, source.PublicKey, recipient)!.Document.Person.HouseNumber.ShouldBe($"{i}");
                else TakeOff(made, j).ShouldBeNull();
    }

    [Fact]
    public void OuterSeal_AnythingOfItChanged_GivesNothing()
    {
        SealedInvitation made = Make(InvitationOf(Person), 0), other = Make(InvitationOf(Person), 1);
        using var code = codes.Code(0);
        using var key = InvitationKey.Derive(code, made.Salt);
        OuterSeal.Open(made, binding, key).ShouldNotBeNull();

        OuterSeal.Open(made with { Number = other.Number }, binding, key).ShouldBeNull();
        OuterSeal.Open(made with { Sealed = other.Sealed }, binding, key).ShouldBeNull();
        OuterSeal.Open(made, binding with { Wave = Guid.NewGuid() }, key).ShouldBeNull();
        OuterSeal.Open(made, binding with { ProtocolHash = Bytes32.Random() }, key).ShouldBeNull();
        OuterSeal.Open(made, binding with { RecipientKid = source.Kid }, key).ShouldBeNull();
        TakeOff(made with { Salt = other.Salt }, 0).ShouldBeNull();
        TakeOff(made, 1).ShouldBeNull();
        var bytes = Decode(made.Sealed);
        for (var at = 0; at < bytes.Length; at++)
        {
            var changed = bytes.ToArray();
            changed[at] ^= (byte)(1 << at % 8);
            OuterSeal.Open(made with { Sealed = StrictBase64Url.Encode(changed) }, binding, key).ShouldBeNull($"at {at}");
        }

        foreach (var length in new[] { 0, 27, bytes.Length - 1, bytes.Length + 1 })
        {
            var cut = new byte[length];
            bytes.AsSpan(0, Math.Min(length, bytes.Length)).CopyTo(cut);
            OuterSeal.Open(made with { Sealed = StrictBase64Url.Encode(cut) }, binding, key).ShouldBeNull();
        }
    }

    // A source whose program is wrong, or that wants the hub to see something, cannot get it past the outer seal.
    [Fact]
    public void OuterSeal_OverAnythingButAnInnerSealToThisRecipient_IsNotMadeAndNotTakenOff()
    {
        using var other = SealingKey.Generate();
        using var code = codes.Code(0);
        var made = Make(InvitationOf(Person), 0);
        using var key = InvitationKey.Derive(code, made.Salt);
        var inner = OuterSeal.Open(made, binding, key)!;
        var pieces = inner.Split('.');
        string Header(string from, string to) => $"{StrictBase64Url.Encode(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Decode(pieces[0])).Replace(from, to, StringComparison.Ordinal)))}.{string.Join('.', pieces[1..])}";
        foreach (var wrong in new[]
        {
            "", new string('A', InvitationFormat.InnerLength), "{\"familyName\":\"Vandermerkwaardig\"}".PadRight(InvitationFormat.InnerLength), inner[..^1], inner + "A", inner.Replace('.', 'A'),
            Header("bereik-invitation+jwe", "bereik-invitation+jwf"), Header("A256GCM", "A128GCM"), Header(recipient.Kid, other.Kid), Header("\"P-256\"", "\"P-384\""), Header("\"EC\",", "\"EC\" "),
            $"{pieces[0]}.{pieces[1]}.{pieces[2]}{pieces[3][..1]}.{pieces[3][1..]}.{pieces[4]}", With(inner, inner.Length - 100, '='), With(inner, 100, 'é'),
        })
        {
            Should.Throw<ArgumentException>(() => OuterSeal.Seal(wrong, made.Number, binding, key)).Message.ShouldNotContain("Vandermerkwaardig");
            if (wrong.Length == InvitationFormat.InnerLength) OuterSeal.Open(SealedByHand(wrong, made, key), binding, key).ShouldBeNull();
        }

        // The seal put on by hand does open over what has the shape: so what is refused above is refused for its shape.
        OuterSeal.Open(SealedByHand(inner, made, key), binding, key).ShouldBe(inner);
    }

    // Anybody can seal something to a public key. Only what the source signed, of this letter and to this key, is believed.
    [Fact]
    public void InnerSeal_OfAnotherLetterOrSignedByAnother_GivesNothing()
    {
        using var forger = SigningKey.Generate();
        var invitation = InvitationOf(Person);
        var inner = TakeOff(Make(invitation, 0), 0)!;
        InvitationSeal.Open(inner, invitation.Number, binding, source.PublicKey, recipient).ShouldNotBeNull();
        InvitationSeal.Open(inner, LetterNumber.Random(), binding, source.PublicKey, recipient).ShouldBeNull();
        InvitationSeal.Open(inner, invitation.Number, binding with { Wave = Guid.NewGuid() }, source.PublicKey, recipient).ShouldBeNull();
        InvitationSeal.Open(inner, invitation.Number, binding with { ProtocolHash = Bytes32.Random() }, source.PublicKey, recipient).ShouldBeNull();
        InvitationSeal.Open(inner, invitation.Number, binding with { RecipientKid = source.Kid }, source.PublicKey, recipient).ShouldBeNull();
        InvitationSeal.Open(inner, invitation.Number, binding, forger.PublicKey, recipient).ShouldBeNull();
        using var code = codes.Code(0);
        var forged = TakeOff(InvitationSeal.Make(invitation, code, forger, recipient.PublicKey), 0)!;
        InvitationSeal.Open(forged, invitation.Number, binding, source.PublicKey, recipient).ShouldBeNull();
        for (var at = 0; at < inner.Length; at += 61)
            if (inner[at] != '.') InvitationSeal.Open(With(inner, at, inner[at] == 'A' ? 'B' : 'A'), invitation.Number, binding, source.PublicKey, recipient).ShouldBeNull($"at {at}");
        using var other = SealingKey.Generate();
        Should.Throw<ArgumentException>(() => InvitationSeal.Make(invitation, code, source, other.PublicKey));
    }

    [Fact]
    public void Invitation_OfTheShortestAndTheLongestRecord_HasOneSize()
    {
        var shortest = new InvitedPerson { GivenNames = "", FamilyName = "", Street = "", HouseNumber = "", Postcode = "", Place = "" };
        static string Full(int length) => new('\u20ac', length);
        var longest = new InvitedPerson { GivenNames = Full(200), FamilyName = Full(200), Street = Full(200), HouseNumber = Full(20), Box = Full(20), Postcode = Full(10), Place = Full(100) };
        foreach (var (person, i) in new[] { shortest, Person, longest }.Select((person, i) => (person, i)))
        {
            var invitation = InvitationOf(person);
            var made = Make(invitation, i);
            made.ToJson().Length.ShouldBe(7968);
            made.Sealed.Length.ShouldBe(InvitationFormat.SealedTextLength);
            var inner = TakeOff(made, i)!;
            inner.Length.ShouldBe(InvitationFormat.InnerLength);
            InvitationSeal.Open(inner, made.Number, binding, source.PublicKey, recipient)!.Document.ShouldBe(invitation);
        }

        // Six bytes a character, which no alphabet of the country needs, do not fit. The message names nobody.
        static string Wide(int pairs) => string.Concat(Enumerable.Repeat("\ud83d\ude00", pairs));
        using var code = codes.Code(0);
        Should.Throw<ArgumentException>(() => InvitationSeal.Make(InvitationOf(Person with { GivenNames = Wide(100), FamilyName = Wide(100), Street = Wide(100) }), code, source, recipient.PublicKey))
            .Message.ShouldNotContain("\ud83d");
    }

    [Fact]
    public void Invitation_MembersOfAnotherShape_AreRefusedByNameAlone()
    {
        var invitation = InvitationOf(Person);
        using var code = codes.Code(0);
        foreach (var (wrong, place) in new[]
        {
            (invitation with { Wave = Guid.Empty }, "wave"), (invitation with { RecipientKid = "x" }, "recipientKid"),
            (InvitationOf(Person with { GivenNames = new string('a', 201) }), "person.givenNames"), (InvitationOf(Person with { FamilyName = "Vandermerkwaardig\n" }), "person.familyName"),
            (InvitationOf(Person with { Street = "Kwikstaartpad\ud83d" }), "person.street"), (InvitationOf(Person with { HouseNumber = new string('1', 21) }), "person.houseNumber"),
            (InvitationOf(Person with { Box = "" }), "person.box"), (InvitationOf(Person with { Postcode = "12345678901" }), "person.postcode"), (InvitationOf(Person with { Place = new string('a', 101) }), "person.place"),
        })
        {
            wrong.FindError().ShouldBe(new ParseError("document.field", place));
            var message = Should.Throw<ArgumentException>(() => InvitationSeal.Make(wrong, code, source, recipient.PublicKey)).Message;
            foreach (var said in new[] { Person.GivenNames, Person.FamilyName, Person.Street }) message.ShouldNotContain(said);
        }
    }

    [Fact]
    public void Holder_OfCodeAndSalt_IsKnownAgainAndOpensNothing()
    {
        using SecretCode code = codes.Code(0), other = codes.Code(1);
        var salt = InvitationSalt.Random();
        using InvitationKey key = InvitationKey.Derive(code, salt), again = InvitationKey.Derive(code, salt), elsewhere = InvitationKey.Derive(code, InvitationSalt.Random()), stranger = InvitationKey.Derive(other, salt);
        again.IsHolder(key.HolderDigest).ShouldBeTrue();
        elsewhere.IsHolder(key.HolderDigest).ShouldBeFalse();
        stranger.IsHolder(key.HolderDigest).ShouldBeFalse();
        key.SealKey.SequenceEqual(key.HolderDigest.ToArray()).ShouldBeFalse();
    }

    [Fact]
    public void Contract_AnyOtherText_IsRefusedWithItsCode()
    {
        var made = Make(InvitationOf(Person), 0);
        var json = Encoding.UTF8.GetString(made.ToJson());
        SealedInvitation.Parse(made.ToJson()).Value.ShouldBe(made);
        foreach (var (text, code) in new[]
        {
            ("", "invitation.json"), ("null", "invitation.json"), ("[]", "invitation.json"), (json[..^1], "invitation.json"), (json.Replace("\"salt\"", "\"zout\"", StringComparison.Ordinal), "invitation.json"),
            (json.Replace("}", ",\"name\":\"x\"}", StringComparison.Ordinal), "invitation.json"), (json.Replace("}", ",\"salt\":\"x\"}", StringComparison.Ordinal), "invitation.json"),
            (json.Replace(made.Number.Text, made.Number.Printed, StringComparison.Ordinal), "invitation.number"), (json.Replace(made.Number.Text, With(made.Number.Text, 0, made.Number.Text[0] == 'A' ? 'B' : 'A'), StringComparison.Ordinal), "invitation.number"),
            (json.Replace(made.Salt.ToString(), "A", StringComparison.Ordinal), "invitation.salt"), (json.Replace("\"}", "A\"}", StringComparison.Ordinal), "invitation.sealed"), (json.Replace("\"}", "=\"}", StringComparison.Ordinal), "invitation.sealed"),
            ($"{json} ", "invitation.notCanonical"), (json.Replace(",\"salt\"", ", \"salt\"", StringComparison.Ordinal), "invitation.notCanonical"), (json.Replace("\"salt\"", "\"\\u0073alt\"", StringComparison.Ordinal), "invitation.notCanonical"),
        }) SealedInvitation.Parse(Encoding.UTF8.GetBytes(text)).Error.Code.ShouldBe(code, text.Length > 200 ? text[..200] : text);
    }

    [Fact]
    public void Texts_OfWhatHoldsAPersonOrASecret_SayNeither()
    {
        var invitation = InvitationOf(Person);
        using var code = codes.Code(0);
        var made = InvitationSeal.Make(invitation, code, source, recipient.PublicKey);
        using var key = InvitationKey.Derive(code, made.Salt);
        var opened = InvitationSeal.Open(OuterSeal.Open(made, binding, key)!, made.Number, binding, source.PublicKey, recipient)!;
        var secret = Encoding.ASCII.GetString(code.Ascii);
        foreach (object holder in new object[] { invitation, Person, code, codes, key, made, made.Number, opened, SealedInvitation.Parse(made.ToJson()) })
        {
            var text = holder.ToString()!;
            foreach (var said in new[] { Person.GivenNames, Person.FamilyName, Person.Street, Person.Place, Person.Postcode, secret, secret[..4], made.Number.Text, made.Number.Printed, made.Sealed }) text.ShouldNotContain(said, customMessage: holder.GetType().Name);
        }
    }

    private Invitation InvitationOf(InvitedPerson person) =>
        new() { Number = LetterNumber.Random(), Wave = binding.Wave, ProtocolHash = binding.ProtocolHash, RecipientKid = recipient.Kid, Notice = Bytes32.Sha256("de woorden van de brief"u8), Person = person };

    private SealedInvitation Make(Invitation invitation, int index)
    {
        using var code = codes.Code(index);
        return InvitationSeal.Make(invitation, code, source, recipient.PublicKey);
    }

    private string? TakeOff(SealedInvitation made, int index)
    {
        using var code = codes.Code(index);
        return TakeOff(made, code);
    }

    private string? TakeOff(SealedInvitation made, SecretCode code)
    {
        using var key = InvitationKey.Derive(code, made.Salt);
        return OuterSeal.Open(made, binding, key);
    }

    private SealedInvitation SealedByHand(string inner, SealedInvitation made, InvitationKey key)
    {
        var bytes = new byte[InvitationFormat.SealedSize];
        using var aes = new AesGcm(key.SealKey, 16);
        aes.Encrypt(bytes.AsSpan(0, 12), Encoding.Latin1.GetBytes(inner), bytes.AsSpan(12, inner.Length), bytes.AsSpan(12 + inner.Length), InvitationFormat.AdditionalData(made.Number, binding));
        return made with { Sealed = StrictBase64Url.Encode(bytes) };
    }

    private static byte[] Decode(string text) => StrictBase64Url.TryDecode(text, out var bytes) ? bytes : throw new InvalidOperationException("No base64url.");

    private static string With(string text, int at, char c) => $"{text[..at]}{c}{text[(at + 1)..]}";
}
