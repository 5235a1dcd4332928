using System.Text;
using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Exchange.Oprf;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Register;
using Bereik.Exchange.Signatures;
using Bereik.Cli.Verify;
using Shouldly;

namespace Bereik.Verify.Tests;

/// <summary>What happened between organisations, step by step, as an honest hub would log it. A test changes one step and asks what the audit says.</summary>
internal sealed class Story
{
    public const string Hub = "knooppunt";
    public const string Source = "opgroeien";
    public const string Pseudonymiser = "pseudo";
    public const string Local = "ocmw-aalst";
    public const string Origin = "knooppunt.test/log";

    public static readonly SigningKey HubKey = SigningKey.Generate();
    public static readonly SigningKey SourceKey = SigningKey.Generate();
    public static readonly SigningKey PseudonymiserKey = SigningKey.Generate();
    public static readonly SigningKey LocalKey = SigningKey.Generate();
    public static readonly string Oprf = MakeOprf();

    private static readonly SealingKey Sealing = SealingKey.Generate();
    private static readonly ReadOnlyMemory<byte> TrialText = ShippedProtocols.Files.Single(file => file.Protocol!.Id == "groeipakket-onbekend").Canonical;

    private readonly List<(string Name, byte[] Bytes)> steps = [];
    private int sequence;

    private Story(DateTimeOffset start, ReadOnlyMemory<byte> text) => (Now, Text, TextHash) = (start, text, Bytes32.Sha256(text.Span));

    public DateTimeOffset Now { get; set; }

    public ReadOnlyMemory<byte> Text { get; }

    public Bytes32 TextHash { get; }

    public Guid First { get; } = Guid.NewGuid();

    public Guid Second { get; } = Guid.NewGuid();

    public Bytes32 Handle { get; } = Bytes32.Random();

    public Bytes32 Manifest { get; } = Bytes32.Random();

    public IReadOnlyList<string> Names => [.. steps.Select(step => step.Name)];

    public IReadOnlyList<byte[]> Entries => [.. steps.Select(step => step.Bytes)];

    // One exchange from the first entry to the erasure, and a second order after it.
    public static Story Whole(bool isTrial = true, Func<JsonNode, JsonNode>? text = null)
    {
        var story = new Story(isTrial ? Instant("2026-11-20T08:00:00Z") : Instant("2027-02-01T08:00:00Z"), isTrial && text is null ? TrialText : Verified(text));
        story.Begin(isTrial);
        story.Draft();
        if (!isTrial) story.Publish();
        story.Accede();
        story.Exchange();
        story.Add("placed.second", story.Placed(story.Second));
        return story;
    }

    // The same story, to be changed by itself.
    public static Story Whole(Story other)
    {
        var story = new Story(other.Now, other.Text);
        story.steps.AddRange(other.steps);
        return story;
    }

    public int IndexOf(string name)
    {
        var index = steps.FindIndex(step => step.Name == name);
        return index >= 0 ? index : throw new ArgumentException($"No step {name}.", nameof(name));
    }

    public LogEntry Entry(string name) => LogEntryFormat.Read(steps[IndexOf(name)].Bytes).Value;

    public Story Add(string name, LogEntry entry) => Add(name, LogEntryFormat.Write(entry));

    public Story Add(string name, byte[] bytes)
    {
        steps.Add((name, bytes));
        Now = Now.AddMinutes(1);
        return this;
    }

    public Story Insert(string after, string name, LogEntry entry)
    {
        steps.Insert(IndexOf(after) + 1, (name, LogEntryFormat.Write(entry)));
        return this;
    }

    public Story Change<T>(string name, Func<T, LogEntry> change)
        where T : LogEntry
    {
        steps[IndexOf(name)] = (name, LogEntryFormat.Write(change((T)Entry(name))));
        return this;
    }

    public Story ChangeBytes(string name, Func<byte[], byte[]> change)
    {
        var at = IndexOf(name);
        steps[at] = (name, change(steps[at].Bytes));
        return this;
    }

    public Story ChangeJson(string name, Action<JsonObject> change) => ChangeBytes(name, bytes =>
    {
        var members = JsonNode.Parse(bytes)!.AsObject();
        change(members);
        return CanonicalJson.Write(members);
    });

    public Story Remove(string name)
    {
        steps.RemoveAt(IndexOf(name));
        return this;
    }

    public Story RemoveFrom(string name)
    {
        steps.RemoveRange(IndexOf(name), steps.Count - IndexOf(name));
        return this;
    }

    public Story MoveAfter(string name, string other)
    {
        var step = steps[IndexOf(name)];
        steps.Remove(step);
        steps.Insert(IndexOf(other) + 1, step);
        return this;
    }

    public AuditReport Audit(DateTimeOffset? now = null)
    {
        using var audit = new LogAudit(Origin);
        for (var i = 0; i < steps.Count; i++) audit.Add(i, steps[i].Bytes);
        return audit.Finish(now ?? Now);
    }

    // The first thing that the audit finds is this, at this step.
    public void ShouldBreak(string code, string step)
    {
        var report = Audit();
        report.Broken.ShouldNotBeEmpty();
        (report.Broken[0].Code, report.Broken[0].Place).ShouldBe((code, FormattableString.Invariant($"entry {IndexOf(step)}")));
    }

    public void ShouldHold()
    {
        var broken = Audit().Broken;
        broken.ShouldBeEmpty();
    }

    public LogEntry Key(string organisation, KeyUse use, string kid, string? key, SigningKey signer) => KeyAt(organisation, use, kid, key, signer, Now);

    public static LogEntry KeyAt(string organisation, KeyUse use, string kid, string? key, SigningKey signer, DateTimeOffset at) => new LogEntry.KeyStated
    {
        By = organisation, At = at, Document = SignedDocument.Sign(new KeyStatement { Organisation = organisation, Use = use, Kid = kid, Key = key, At = at }, signer).Compact,
    };

    public LogEntry Signing(string organisation, SigningKey key, SigningKey? signer = null) => Key(organisation, KeyUse.Signing, key.Kid, key.PublicKey.ToJwk(), signer ?? key);

    public LogEntry Step(string by, string document) => new LogEntry.RegisterStep { By = by, At = Now, Sequence = ++sequence, Document = document };

    public LogEntry Stop(string by, SigningKey key, StopKind kind, string? organisation = null, DateOnly? on = null) => Step(by, SignedDocument.Sign(
        new RegisterStop
        {
            Protocol = TextHash, Organisation = organisation, Kind = kind, Trigger = kind == StopKind.Suspend ? SanctionTrigger.AuditFailed : null, Because = "De audit is mislukt.",
            On = kind == StopKind.End ? on ?? Today : null, At = Now,
        }, key).Compact);

    public LogEntry.OrderPlaced Placed(Guid order, string outcome = "permit") => new()
    {
        By = Local, At = Now, Order = order, Hash = Bytes32.Sha256(order.ToByteArray()), Flow = "unknown", Protocol = "groeipakket-onbekend", ProtocolVersion = "0.2", ProtocolHash = TextHash, Source = Source,
        Nis = "41002", ReferenceMonth = "2026-10", Epoch = "2026Q4", Outcome = outcome, Reasons = outcome == "refuse" ? ["accession.missing"] : [],
    };

    public LogEntry Decided(Guid order, bool permits = true, bool acceptsKnownSet = false, Bytes32? hash = null, SigningKey? key = null) => new LogEntry.OrderDecided
    {
        By = Source,
        At = Now,
        Order = order,
        Document = SignedDocument.Sign(
            new SourceDecision
            {
                Order = hash ?? Bytes32.Sha256(order.ToByteArray()), Id = order, Outcome = permits ? "permit" : "refuse", Reasons = permits ? [] : [new DecisionReason { Code = "source.no", Text = "Neen." }],
                AcceptsKnownSet = acceptsKnownSet, DecidedAt = Now,
            }, key ?? SourceKey).Compact,
    };

    public LogEntry Tokens(Guid order, string outcome = "permit") => new LogEntry.TokensDeposited { By = Local, At = Now, Order = order, Outcome = outcome, Reasons = outcome == "permit" ? [] : ["tokenSet.band"] };

    public LogEntry Envelope(Guid order, Bytes32? manifest = null) => new LogEntry.EnvelopeDeposited { By = Source, At = Now, Order = order, Manifest = manifest ?? Manifest, Outcome = "permit", Reasons = [] };

    public LogEntry Matched(Guid order, string outcome = "permit") => new LogEntry.ExchangeMatched { By = Hub, At = Now, Order = order, Outcome = outcome, Reasons = outcome == "permit" ? [] : ["exchange.agreementDiffers"] };

    public LogEntry Delivered(Guid order, Bytes32? handle = null, Bytes32? manifest = null) => new LogEntry.PackageDelivered { By = Hub, At = Now, Order = order, Handle = handle ?? Handle, Manifest = manifest ?? Manifest };

    public LogEntry Rooted(Guid order, Bytes32? manifest = null, int slots = 256, DateOnly? eraseBy = null) => new LogEntry.PersonsRooted
    {
        By = Local,
        At = Now,
        Order = order,
        Handle = Handle,
        Document = SignedDocument.Sign(new PersonsRoot { Order = order, Handle = Handle, Manifest = manifest ?? Manifest, Root = Bytes32.Random(), Slots = slots, EraseBy = eraseBy ?? Today.AddDays(28), At = Now }, LocalKey).Compact,
    };

    public LogEntry Received(Guid order, Bytes32? manifest = null, string outcome = "received") => new LogEntry.ReceiptTaken
    {
        By = Local, At = Now, Order = order,
        Document = SignedDocument.Sign(new Receipt { Id = order, ManifestHash = manifest ?? Manifest, Outcome = outcome, Code = outcome == "received" ? null : "package.notOpened", At = Now }, LocalKey).Compact,
    };

    public LogEntry Destroyed(Guid order) => new LogEntry.PackageDestroyed { By = Hub, At = Now, Order = order, Handle = Handle };

    public LogEntry Ended(Guid order) => new LogEntry.OrderEnded { By = Hub, At = Now, Order = order, Outcome = "expired", Reasons = ["order.expired"] };

    public LogEntry DisclosureEnded(DisclosureEndKind kind = DisclosureEndKind.Erased, Bytes32? handle = null) => new LogEntry.DisclosureEnded
    {
        By = Local, At = Now, Handle = handle ?? Handle, Document = SignedDocument.Sign(new DisclosureEnd { Handle = handle ?? Handle, Kind = kind, Cause = DisclosureEndCause.Deadline, At = Now }, LocalKey).Compact,
    };

    public LogEntry Round(DateOnly day) => new LogEntry.RoundPublished
    {
        By = Local, At = Now,
        Document = SignedDocument.Sign(new RoundRoots { Organisation = Local, Day = day, Accesses = Bytes32.Random(), Consents = Bytes32.Random(), Withdrawals = Bytes32.Random(), Erasures = Bytes32.Random(), At = Now }, LocalKey).Compact,
    };

    public DateOnly Today => BelgianTime.DayOf(Now);

    public static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    public string Advice(Party party, SigningKey key) => SignedDocument.Sign(
        new ProtocolAdvice { Protocol = TextHash, Party = party, Advice = new OfficerAdvice { Outcome = AdviceOutcome.Favourable, Officer = "Functionaris", On = Today.AddDays(-3), Summary = "Gunstig." }, At = Now }, key).Compact;

    private void Begin(bool isTrial)
    {
        Add("begun", new LogEntry.Begun { By = Hub, At = Now, Origin = Origin, Synthetic = isTrial });
        Add("key.hub", Signing(Hub, HubKey));
        Add("key.source", Signing(Source, SourceKey));
        Add("key.pseudonymiser", Signing(Pseudonymiser, PseudonymiserKey));
        Add("key.oprf", Key(Pseudonymiser, KeyUse.Oprf, Oprf, Oprf, PseudonymiserKey));
        Add("key.local", Signing(Local, LocalKey));
        Add("key.sealing", Key(Local, KeyUse.Sealing, Sealing.Kid, Sealing.PublicKey.ToJwk(), LocalKey));
    }

    private void Draft() => Add("draft", Step(Hub, RegisterDocuments.DraftProtocol(Text.Span, HubKey)));

    private void Publish()
    {
        Add("advice.source", Step(Source, Advice(Party.Source, SourceKey)));
        Add("advice.recipient", Step(Hub, Advice(Party.Recipient, HubKey)));
        Add("sign.source", Step(Source, RegisterDocuments.SignProtocol(Text.Span, SourceKey)));
        Add("sign.hub", Step(Hub, RegisterDocuments.SignProtocol(Text.Span, HubKey)));
        Add("sign.pseudonymiser", Step(Pseudonymiser, RegisterDocuments.SignProtocol(Text.Span, PseudonymiserKey)));
        Add("publication", Step(Source, SignedDocument.Sign(new ProtocolPublication { Protocol = TextHash, Places = ["https://opgroeien.example/protocol"], At = Now }, SourceKey).Compact));
    }

    private void Accede()
    {
        Add("sign.local", Step(Local, RegisterDocuments.SignProtocol(Text.Span, LocalKey)));
        Add("accession", Step(Local, Accession()));
    }

    public string Accession(Func<Accession, Accession>? change = null)
    {
        var accession = new Accession
        {
            Organisation = Local, Kind = OrganisationKind.PublicCentreForWelfare, Protocol = "groeipakket-onbekend", Version = "0.2", ProtocolHash = TextHash.ToString(), FrameworkHash = FrameworkFile.Shipped.Hash,
            Decision = new CouncilDecision { Body = DecidingBody.SocialWelfareCouncil, On = Today.AddDays(-30), Number = "2026/118" },
            Advice = new OfficerAdvice { Outcome = AdviceOutcome.Favourable, Officer = "Functionaris", On = Today.AddDays(-40), Summary = "Gunstig." },
            Measures = [.. FrameworkFile.Shipped.Measures.Select(measure => new MeasureAnswer { Id = measure.Id, State = MeasureState.Met, On = Today.AddDays(-20), Evidence = "Dossier 12" })],
            Contact = "sociaalhuis@voorbeeld.be", Service = "Sociaal Huis", ReviewBy = Today.AddMonths(11), Territory = [new TerritoryPeriod { Nis = "41002", From = new DateOnly(2025, 1, 1) }],
        };
        return SignedDocument.Sign(new AccessionAct { Accession = change is null ? accession : change(accession), At = Now }, LocalKey).Compact;
    }

    private void Exchange()
    {
        Add("placed", Placed(First));
        Add("decided", Decided(First));
        Add("tokens", Tokens(First));
        Add("envelope", Envelope(First));
        Add("matched", Matched(First));
        Add("delivered", Delivered(First));
        Add("root", Rooted(First));
        Add("receipt", Received(First));
        Add("destroyed", Destroyed(First));
        Add("round", Round(Today));
        Add("erased", DisclosureEnded());
    }

    private static string MakeOprf()
    {
        using var server = OprfServer.Generate();
        return StrictBase64Url.Encode(server.PublicKey);
    }

    // The shipped text with every ground verified, which no shipped text is.
    private static ReadOnlyMemory<byte> Verified(Func<JsonNode, JsonNode>? change)
    {
        var text = JsonNode.Parse(Encoding.UTF8.GetString(TrialText.Span))!;
        foreach (var clause in text["clauses"]!.AsArray().Select(clause => clause!.AsObject()))
        {
            if (clause.ContainsKey("state")) clause["state"] = "verified";
            foreach (var reference in (clause["references"] as JsonArray ?? []).Select(reference => reference!.AsObject())) reference["state"] = "verified";
        }

        return CanonicalJson.Write(change is null ? text : change(text));
    }
}
