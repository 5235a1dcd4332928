using System.Text;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Envelopes;
using Bereik.Exchange.Invitations;
using Bereik.Exchange.Oprf;
using Bereik.Fuzz.Tests.Mutating;
using Bereik.Local.Orders;
using Bereik.Sealing.Invitations;
using Bereik.Sealing.Packages;
using Bereik.Sealing.Pseudonyms;

namespace Bereik.Fuzz.Tests.Parsing;

// Envelopes, packages, token sets, sealed records, and what goes to the pseudonymiser and back.
internal static class EnvelopeParsers
{
    private static readonly Part[] SignedManifest = [Parts.JwsWithin("{\"manifest\":\"", "\"}", Corpus.Signing)];
    private static readonly PackageTask Unknown = TaskOf("unknown");
    private static readonly PackageTask Match = TaskOf("match");
    private static readonly string[] FirstOfEnvelope = ["envelope.*", "jws.parts", "jws.encoding", "jws.header", "document.json"];

    public static IReadOnlyList<ForeignParser> All { get; } =
    [
        new() { Name = "envelope", Shape = Shape.Lines, Read = Envelope, FirstChecks = FirstOfEnvelope, Parts = [Parts.JwsWithin("{\"manifest\":\"", "\"}", null)], MostBytesPerByte = 100 },
        new() { Name = "package-unknown", Shape = Shape.Lines, Read = input => Package(input, Unknown), FirstChecks = FirstOfEnvelope, Parts = SignedManifest, MostBytesPerByte = 100 },
        new() { Name = "package-match", Shape = Shape.Lines, Read = input => Package(input, Match), FirstChecks = FirstOfEnvelope, Parts = SignedManifest, MostBytesPerByte = 100 },
        new() { Name = "content-key", Shape = Shape.Text, Read = Key, FirstChecks = ["parts"], Parts = [Parts.JwePiece(0, Shape.Json), Parts.JwePiece(1, Shape.Bytes), Parts.JwePiece(3, Shape.Bytes)] },
        new() { Name = "sealed-record", Shape = Shape.Text, Read = Record, FirstChecks = ["seal.parts", "seal.header"], Parts = [Parts.JwePiece(2, Shape.Bytes), Parts.JwePiece(3, Shape.Bytes), Parts.JwePiece(4, Shape.Bytes)] },
        new() { Name = "household-record", Shape = Shape.Json, Read = Household, FirstChecks = ["json"] },
        new() { Name = "token-set", Shape = Shape.Lines, Read = Tokens, FirstChecks = ["tokenSet.agreement", "envelope.*"] },
        new() { Name = "invitation", Shape = Shape.Json, Read = Sealed, FirstChecks = ["invitation.json"] },
        new() { Name = "invitation-inner", Shape = Shape.Text, Read = Inner, FirstChecks = ["parts"], Parts = [Parts.JwePiece(0, Shape.Json), Parts.JwePiece(1, Shape.Bytes), Parts.JwePiece(3, Shape.Bytes)] },
        new() { Name = "letter-number", Shape = Shape.Text, Read = Number, FirstChecks = ["characters"] },
        new() { Name = "secret-code", Shape = Shape.Text, Read = Code, FirstChecks = ["characters"] },
        new() { Name = "evaluate-request", Shape = Shape.Json, Read = Request, FirstChecks = ["evaluate.json"] },
        new() { Name = "evaluate-response", Shape = Shape.Json, Read = Response, FirstChecks = ["evaluate.json"] },
        new() { Name = "oprf-point", Shape = Shape.Bytes, Read = Point, FirstChecks = ["length"] },
    ];

    private static PackageTask TaskOf(string flow)
    {
        var order = Corpus.Order(flow);
        return new PackageTask
        {
            Order = order, SourceKey = Corpus.Signing.PublicKey, RecipientKey = Corpus.Sealing, Tokens = new TokenMaker(Pair.Derive(Corpus.Token, Corpus.OtherToken.PublicKey), order.Context), Agreement = CorpusFacts.Base(-1),
            Choice = CheckChoice.Restore(CorpusFacts.Choice)!, Band = CorpusFacts.Band, Epoch = "2026Q4", Now = CorpusFacts.Now,
        };
    }

    private static Verdict Envelope(byte[] input)
    {
        var reader = new EnvelopeReader(new MemoryStream(input));
        if (!Now(reader.ReadManifestAsync(CancellationToken.None)).TryGet(out var manifest, out var wrong)) return new Verdict(wrong.Code);
        using var written = new MemoryStream();
        Now(EnvelopeFormat.WriteManifestAsync(written, manifest, CancellationToken.None));
        while (Now(reader.ReadRowAsync(CancellationToken.None)) is { } next)
        {
            if (!next.TryGet(out var row, out var bad)) return new Verdict(bad.Code);
            Now(EnvelopeFormat.WriteRowAsync(written, row, CancellationToken.None));
        }

        return new Verdict(Verdict.Accepted, written.ToArray());
    }

    private static Verdict Package(byte[] input, PackageTask task) =>
        PackageOpener.OpenAsync(new MemoryStream(input), task, (_, _) => ValueTask.CompletedTask, CancellationToken.None).GetAwaiter().GetResult().TryGet(out _, out var wrong) ? new Verdict(Verdict.Accepted) : new Verdict(wrong.Code);

    // It fails with one error whatever the cause, so what it got past is told from the input itself.
    private static Verdict Key(byte[] input)
    {
        var jwe = Encoding.Latin1.GetString(input);
        var isShaped = ContentKeyShape.IsOne(jwe, Corpus.Sealing.Kid);
        if (ContentKey.Open(jwe, Corpus.Sealing) is not null) return new Verdict(Verdict.Accepted);
        return new Verdict(isShaped ? "notOpened" : jwe.Split('.').Length == 5 ? "shape" : "parts");
    }

    private static Verdict Record(byte[] input)
    {
        var text = Encoding.Latin1.GetString(input);
        var shape = SealedShape.FindError(text, Corpus.Order("unknown").Document.Id, 0, 64);
        using var key = CorpusFacts.RecordKey();
        var opened = SealedRecord.Open(key, text);
        return new Verdict(shape ?? (opened is null ? "notOpened" : Verdict.Accepted));
    }

    private static Verdict Household(byte[] input)
    {
        if (HouseholdRecord.Parse(input) is not { } record) return new Verdict(input.Length > 2 && IsObject(input) ? "shape" : "json");
        return HouseholdRecord.Parse(record.ToJson()) is { } again && again.ToJson().AsSpan().SequenceEqual(record.ToJson()) ? new Verdict(Verdict.Accepted) : throw new InvalidDataException("A record writes to another one.");
    }

    private static Verdict Sealed(byte[] input) => SealedInvitation.Parse(input).TryGet(out var invitation, out var wrong) ? new Verdict(Verdict.Accepted, invitation.ToJson()) : new Verdict(wrong.Code);

    // It fails with one error whatever the cause, so what it got past is told from the input itself.
    private static Verdict Inner(byte[] input)
    {
        var jwe = Encoding.Latin1.GetString(input);
        var binding = CorpusFacts.Letter(Corpus.Sealing.Kid);
        if (InvitationSeal.Open(jwe, CorpusFacts.Number, binding, Corpus.Signing.PublicKey, Corpus.Sealing) is not null)
            return Corpus.Of("invitation-inner").Any(made => made.AsSpan().SequenceEqual(input)) ? new Verdict(Verdict.Accepted) : throw new InvalidDataException("A changed seal opens.");
        return new Verdict(InvitationFormat.IsInner(jwe, Corpus.Sealing.Kid) ? "notOpened" : jwe.Split('.').Length == 5 ? "shape" : "parts");
    }

    // What people type: whatever is taken for a number or a code is one, and its canonical text is taken for the same.
    private static Verdict Number(byte[] input)
    {
        var typed = Encoding.UTF8.GetString(input);
        if (!LetterNumber.TryRead(typed, out var number)) return new Verdict(IsTyped(typed, LetterNumber.TextLength));
        return LetterNumber.TryParse(number.Text, out var again) && again == number ? new Verdict(Verdict.Accepted) : throw new InvalidDataException("A number writes to another one.");
    }

    private static Verdict Code(byte[] input)
    {
        var typed = Encoding.UTF8.GetString(input);
        if (!SecretCode.TryRead(typed, out var code)) return new Verdict(IsTyped(typed, SecretCode.TextLength));
        Span<char> printed = stackalloc char[SecretCode.PrintedLength];
        code.Print(printed);
        return SecretCode.TryRead(printed, out var again) && again.Ascii.SequenceEqual(code.Ascii) ? new Verdict(Verdict.Accepted) : throw new InvalidDataException("A code writes to another one.");
    }

    private static string IsTyped(string typed, int length)
    {
        Span<byte> values = stackalloc byte[length];
        return CodeAlphabet.TryRead(typed, values) ? "check" : "characters";
    }

    private static bool IsObject(byte[] input)
    {
        try
        {
            using var document = System.Text.Json.JsonDocument.Parse(input);
            return document.RootElement.ValueKind == System.Text.Json.JsonValueKind.Object;
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    }

    private static Verdict Tokens(byte[] input)
    {
        var reader = new TokenSetReader(new MemoryStream(input));
        var agreement = Now(reader.ReadAgreementAsync(CancellationToken.None));
        if (agreement.Error is { } wrong) return new Verdict(wrong.Code);
        var written = new StringBuilder($$"""{"agreement":"{{agreement.Token.ToBase64Url()}}"}""").Append('\n');
        while (Now(reader.ReadTokenAsync(CancellationToken.None)) is { } line)
        {
            if (line.Error is { } bad) return new Verdict(bad.Code);
            written.Append('"').Append(line.Token.ToBase64Url()).Append("\"\n");
        }

        return new Verdict(Verdict.Accepted, Encoding.ASCII.GetBytes(written.ToString()));
    }

    private static Verdict Request(byte[] input)
    {
        if (!EvaluateRequest.Parse(input).TryGet(out var request, out var wrong)) return new Verdict(wrong.Code);
        return EvaluateRequest.Parse(request.ToJson()).Value.Blinded.AsSpan().SequenceEqual(request.Blinded) ? new Verdict(Verdict.Accepted) : throw new InvalidDataException("A request writes to another one.");
    }

    private static Verdict Response(byte[] input)
    {
        if (!EvaluateResponse.Parse(input).TryGet(out var response, out var wrong)) return new Verdict(wrong.Code);
        _ = OprfClient.Verify(response.PublicKey, response.Evaluated, response.Evaluated, response.Proof);
        return EvaluateResponse.Parse(response.ToJson()).Value.Evaluated.AsSpan().SequenceEqual(response.Evaluated) ? new Verdict(Verdict.Accepted) : throw new InvalidDataException("An answer writes to another one.");
    }

    private static Verdict Point(byte[] input)
    {
        if (input.Length != OprfClient.ElementBytes) return new Verdict(OprfClient.IsElement(input) ? throw new InvalidDataException("An element of another length.") : "length");
        using var server = OprfServer.Generate();
        var evaluated = server.Evaluate(input);
        return new Verdict(OprfClient.IsElement(input) == evaluated.IsOk ? evaluated.IsOk ? Verdict.Accepted : evaluated.Error.Code : throw new InvalidDataException("Two opinions on one point."));
    }

    // Nothing here waits: the streams are in memory.
    private static T Now<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();

    private static void Now(ValueTask task) => task.AsTask().GetAwaiter().GetResult();
}
