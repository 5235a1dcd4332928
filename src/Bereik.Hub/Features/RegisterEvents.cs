using System.Globalization;
using Bereik.Domain;
using Bereik.Exchange.Log;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Register;
using Bereik.Hub.Log;
using Bereik.Hub.Storage;
using Bereik.Node.Api;
using Bereik.Node.Decisions;
using Bereik.Node.Errors;
using Bereik.Node.Registers;
using Bereik.Node.Requests;
using Bereik.Node.Work;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Features;

// The register of protocols at the hub: every signed step comes in here and by no other door, and is told to whoever asks.
internal static class RegisterEvents
{
    private const int MostBytes = 1024 * 1024;

    // What is longer does not fit an entry of the log.
    private const int MostLogged = 65_000;

    public static readonly ApiOperation Told = new("listProtocolEvents", "The register of protocols, step by step")
    {
        Description = "Public: proposals, advices, signatures, publications, accessions, suspensions. Each is signed, and `chain` binds it to all before it.",
        Answers = [ApiAnswer.Json(200, "A page of steps, oldest first.", new Page<RegisterEntry>([new RegisterEntry { Sequence = 1, At = ApiExamples.At, Event = ApiExamples.Jws, Chain = ApiExamples.Bytes32 }], "1"))],
    };

    public static readonly ApiOperation Added = new("addProtocolEvent", "Bring a signed step to the register of protocols")
    {
        Description = "The signature in the document is the proof of who sends it, so whoever carries it may bring it. The same document again is no error.",
        Takes = ApiBody.Json(new RegisterEventSent(ApiExamples.Jws)),
        Answers = [ApiAnswer.Json(201, "It is in the register.", new RegisterTaken(17)), ApiAnswer.Json(200, "It was in the register.", new RegisterTaken(17))],
        Errors = [ErrorCatalogue.TooLarge, ErrorCatalogue.DocumentRefused, ErrorCatalogue.RegisterRefused, ErrorCatalogue.Unavailable],
    };

    // GET /v1/protocol-events: public, since it holds only what anyone may read.
    public static async Task<IResult> TellAsync(HubDatabase database, CancellationToken cancel, long after = 0, int? limit = null)
    {
        if (Paging.Read(limit, out var size) is { } refused) return refused;
        var found = await database.RegisterEntries.AsNoTracking().Where(entry => entry.Sequence > after).OrderBy(entry => entry.Sequence).Take(size + 1).ToListAsync(cancel);
        return Results.Json(Paging.Of(found, size, entry => entry, entry => entry.Sequence.ToString(CultureInfo.InvariantCulture)));
    }

    // POST /v1/protocol-events: {"event": "..."}. The signature in the document is the proof of who sends it, so whoever carries it may bring it. The same document again is no error.
    public static async Task<IResult> TakeAsync(HttpRequest http, Keeper keeper, CancellationToken cancel)
    {
        if (http.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = MostBytes;
        var (document, wrongBody) = await DocumentBody.ReadAsync(http, "event", cancel, MostBytes);
        if (document is null) return wrongBody!;
        var taken = await keeper.TakeAsync(document, cancel);
        if (taken.Error is { } error) return error.Problem(taken.Place, taken.Cause, taken.Reasons);
        return Results.Json(new RegisterTaken(taken.Sequence), statusCode: taken.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    // The texts that ship are proposed by the hub itself at its start, once. A version that the register has keeps its text: a change needs a new version.
    public static async Task ProposeShippedAsync(HubDatabase database, NodeKeys keys, ProtocolRegister register, DateTimeOffset now, CancellationToken cancel)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        await RecoverAsync(database, cancel);
        var present = await database.RegisterEntries.AsNoTracking().OrderBy(entry => entry.Sequence).ToListAsync(cancel);
        var names = present.Select(entry => ProtocolJson.Read(RegisterDocuments.TextOf(entry.Event).Span)).Where(text => text.IsOk).Select(text => (text.Value.Id, text.Value.Version)).ToHashSet();
        var last = present.Count > 0 ? present[^1] : null;
        now = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());
        foreach (var file in ShippedProtocols.Files.Where(file => !names.Contains((file.Protocol!.Id, file.Protocol.Version)))) last = Append(database, last, RegisterDocuments.DraftProtocol(file.Canonical.Span, keys.Signing), now);
        await database.SaveChangesAsync(cancel);
        await LogStepsAsync(database, register);
        await transaction.CommitAsync(CancellationToken.None);
    }

    // Every step that is not in the public log yet, also those of a store from before there was one.
    private static async Task LogStepsAsync(HubDatabase database, ProtocolRegister register)
    {
        var logged = await database.Database.SqlQueryRaw<long>("SELECT steps AS Value FROM hub_log").SingleAsync();
        var news = await database.RegisterEntries.AsNoTracking().Where(entry => entry.Sequence > logged).OrderBy(entry => entry.Sequence).ToListAsync();
        if (news.Count == 0) return;
        await database.LogAsync([.. news.Select(entry => new LogEntry.RegisterStep
        {
            // A key that is pinned here no more: the register keeps the step, and the hub answers for having told it.
            By = RegisterDocuments.Read(entry.Event, entry.Sequence, entry.At, register.SignerOf).TryGet(out var one, out _) ? one.By.Value : database.Log.Organisation,
            At = entry.At.Second(),
            Sequence = (int)entry.Sequence,
            Document = entry.Event,
        })]);
        var last = news[^1].Sequence;
        await database.Database.ExecuteSqlAsync($"UPDATE hub_log SET steps = {last}");
    }

    // Steps that are in the log, and whose commit did not follow: the process ended in between, or the store was full. What was told stays told, so
    // they are taken from there, and no other step gets their place. Nobody else is between the two: this transaction is the one that writes.
    public static async Task RecoverAsync(HubDatabase database, CancellationToken cancel)
    {
        var next = await database.Database.SqlQueryRaw<long>("SELECT ifnull(highest, -1) + 1 AS Value FROM hub_log").SingleAsync(cancel);
        if (database.Log.Size is not { } size || next >= size) return;
        var last = await database.RegisterEntries.AsNoTracking().OrderByDescending(entry => entry.Sequence).FirstOrDefaultAsync(cancel);
        await foreach (var bytes in database.Log.ReadAsync(next, size, cancel))
        {
            if (!LogEntryFormat.Read(bytes.Span).TryGet(out var read, out _) || read is not LogEntry.RegisterStep step || step.Sequence != (last?.Sequence ?? 0) + 1) continue;
            last = Append(database, last, step.Document, step.At);
            await database.SaveChangesAsync(cancel);
            await database.Database.ExecuteSqlAsync($"UPDATE hub_log SET steps = {step.Sequence}", cancel);
        }

        await database.Database.ExecuteSqlAsync($"UPDATE hub_log SET highest = {size - 1}", cancel);
    }

    private static RegisterEntry Append(HubDatabase database, RegisterEntry? last, string document, DateTimeOffset now)
    {
        var sequence = (last?.Sequence ?? 0) + 1;
        var entry = new RegisterEntry { Sequence = sequence, At = now, Event = document, Chain = RegisterEntry.ChainOf(last?.Chain ?? "", sequence, now, document) };
        database.RegisterEntries.Add(entry);
        return entry;
    }

    // Who may make which step. Null when this organisation may.
    private static string? FindFault(RegisterView view, RegisterEvent one)
    {
        if (one is RegisterEvent.Drafted drafted)
        {
            if (one.ByKind != OrganisationKind.Hub && ProtocolStanding.PartyOf(drafted.Protocol, one) != Party.Source) return "register.notYours";
            if (view.Registered.Contains(one.ProtocolHash)) return "register.textKnown";
            return view.Find(drafted.Protocol.Id, drafted.Protocol.Version) is { } same && view.Registered.Contains(same.Hash) ? "register.versionTaken" : null;
        }

        if (view.Text(one.ProtocolHash) is not { } protocol || !view.Registered.Contains(one.ProtocolHash)) return "register.textUnknown";
        var party = ProtocolStanding.PartyOf(protocol, one);
        var recipients = protocol.Find<Clause.PartiesClause>()?.Recipients ?? [];
        return one switch
        {
            RegisterEvent.Advised advised => (advised.Party, party) is (Party.Source, Party.Source) or (Party.Recipient, Party.Hub) ? null : "register.notYours",
            RegisterEvent.SignedText => (party is { } mine && ProtocolStanding.MustSign(protocol).Contains(mine)) || recipients.Contains(one.ByKind) ? null : "register.notYours",
            RegisterEvent.Published => party == Party.Source ? null : "register.notYours",
            RegisterEvent.Acceded => null,
            RegisterEvent.Suspended { Organisation: null } => party is Party.Source or Party.Hub ? null : "register.notYours",
            RegisterEvent.Ended { Organisation: null } => party is Party.Source ? null : "register.notYours",
            RegisterEvent.Resumed { Organisation: null } => view.Standing(protocol, BelgianTime.DayOf(one.At)).IsSuspendedBy(one.By) ? null : "register.nothingToLift",
            RegisterEvent.Suspended { Organisation: { } whose } => FindStopFault(view, protocol, whose, one),
            RegisterEvent.Ended { Organisation: { } whose } => FindStopFault(view, protocol, whose, one),
            RegisterEvent.Resumed { Organisation: { } whose } => view.Accession(protocol, whose, BelgianTime.DayOf(one.At))?.IsSuspendedBy(one.By) == true ? null : "register.nothingToLift",
            _ => "register.type",
        };
    }

    private static string? FindStopFault(RegisterView view, Protocol protocol, OrganisationId whose, RegisterEvent one)
    {
        if (!AccessionStanding.MayStop(protocol, whose, one)) return "register.notYours";
        return view.Accession(protocol, whose, BelgianTime.DayOf(one.At)) is null ? "register.noAccession" : null;
    }

    // What the one decision has to say of a step, with every reason.
    private static (Decision Decision, DecisionPoint Point, string Act, object Request, object Facts)? Decided(RegisterView view, RegisterEvent one, bool syntheticOnly, DateTimeOffset now)
    {
        var today = BelgianTime.DayOf(now);
        var protocol = view.Text(one.ProtocolHash);
        switch (one)
        {
            case RegisterEvent.Published published when protocol is not null:
                var standing = view.Standing(protocol, today);
                var publication = new PublicationFacts
                {
                    Today = today,
                    Advices = standing.Advices.ToDictionary(advice => advice.Party, advice => advice.Advice),
                    SignedBy = standing.SignedBy.ToHashSet(),
                    Places = published.Places,
                };
                return (Decide.Publish(protocol, publication), DecisionPoint.Publish, "protocol.publish", new { published.Places }, new { publication.Today, advisedBy = standing.Advices.Select(advice => advice.Party), standing.SignedBy });
            case RegisterEvent.Acceded acceded:
                var facts = view.FactsOf(protocol ?? Missing(acceded), acceded.Accession, one.By, one.ByKind, today);
                var decision = Decide.Accede(protocol, acceded.Accession, facts);
                if (decision.Outcome == Outcome.Permit && !view.Events.Any(earlier => earlier is RegisterEvent.SignedText && earlier.By == one.By && earlier.ProtocolHash == one.ProtocolHash)) decision = Decision.Refusal(Reasons.ProtocolNotSigned);
                var request = new { acceded.Accession.Organisation, acceded.Accession.FrameworkHash, acceded.Accession.Decision, acceded.Accession.ReviewBy, measures = acceded.Accession.Measures.Select(answer => $"{answer.Id} {answer.State}") };
                return (decision, DecisionPoint.Accede, "accession.take", request, new { facts.Today, facts.SyntheticOnly, facts.SignedBy, facts.Kind, facts.State, framework = facts.Framework?.Version });
            default:
                return null;
        }

        static Protocol Missing(RegisterEvent.Acceded acceded) => throw new InvalidOperationException($"The text of accession {acceded.Sequence} was checked before.");
    }

    // Takes a signed step, whether another node brought it or this one's own operator: the same checks, in this one place.
    internal sealed class Keeper(HubDatabase database, ProtocolRegister register, RunningOrders running, HubSettings settings, NodeKeys keys, WorkSignal signal, TimeProvider clock)
    {
        public async Task<Taken> TakeAsync(string document, CancellationToken cancel)
        {
            // One writer at a time from here: what is decided on below cannot change before the step is stored.
            await using var transaction = await database.Database.BeginTransactionAsync(cancel);
            var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
            await RecoverAsync(database, cancel);
            if (await database.RegisterEntries.AsNoTracking().SingleOrDefaultAsync(entry => entry.Event == document, cancel) is { } known) return new Taken(known.Sequence, isNew: false);
            if (document.Length > MostLogged) return new Taken(ErrorCatalogue.RegisterRefused, cause: "register.tooLarge");
            var view = await register.ViewAsync(cancel);
            var kid = "";
            if (!RegisterDocuments.Read(document, (view.Last?.Sequence ?? 0) + 1, now, named => register.SignerOf(kid = named)).TryGet(out var one, out var wrong)) return new Taken(ErrorCatalogue.DocumentRefused, wrong.Place, wrong.Code);

            // A signature has more than one form; what was signed has one.
            if (view.Events.FirstOrDefault(earlier => earlier.Origin.Document == one.Origin.Document) is { } same) return new Taken(same.Sequence, isNew: false);

            // What was signed with an earlier key stays signed; what comes in now is signed with one that counts now, and that the log shows.
            if (kid != keys.Signing.Kid && keys.ForRequest(one.By.Value, kid) is null) return new Taken(ErrorCatalogue.DocumentRefused, "kid", "jws.kid");
            if (!await database.IsStatedAsync(kid, cancel)) return new Taken(ErrorCatalogue.Unavailable, cause: "key.notStated");
            if (FindFault(view, one) is { } fault) return new Taken(ErrorCatalogue.RegisterRefused, cause: fault);
            if (Decided(view, one, settings.AllowSyntheticNumbers, now) is { } decided)
            {
                var protocol = view.Text(one.ProtocolHash);
                database.LogDecision(
                    decided.Decision, new DecisionContext(now, decided.Point, decided.Act, protocol?.Id ?? "", one.By.Value, protocol?.Id ?? "", protocol?.Version ?? "", protocol?.Hash ?? ""), decided.Request, decided.Facts);
                await database.SaveChangesAsync(cancel);
                if (decided.Decision.Outcome != Outcome.Permit)
                {
                    await transaction.CommitAsync(cancel);
                    return new Taken(ErrorCatalogue.RegisterRefused, reasons: decided.Decision.Reasons);
                }
            }

            // From here on nobody's disconnect ends it half-way.
            Append(database, view.Last, document, now);
            await database.SaveChangesAsync(CancellationToken.None);
            await LogStepsAsync(database, register);

            // INVARIANT: what a step stops has stopped in the same transaction; no deposit comes between.
            await running.StopWhatMayNotGoOnAsync(CancellationToken.None);
            await database.SaveChangesAsync(CancellationToken.None);
            await transaction.CommitAsync(CancellationToken.None);
            await register.ViewAsync(CancellationToken.None);
            signal.Wake();
            return new Taken(one.Sequence, isNew: true);
        }
    }

    // What came of it: its place in the register, or why it was not taken.
    internal sealed record Taken
    {
        public Taken(long sequence, bool isNew) => (Sequence, IsNew) = (sequence, isNew);

        public Taken(NodeError error, string? place = null, string? cause = null, IReadOnlyList<Reason>? reasons = null) => (Error, Place, Cause, Reasons) = (error, place, cause, reasons ?? []);

        public long Sequence { get; }

        public bool IsNew { get; }

        public NodeError? Error { get; }

        public string? Place { get; }

        public string? Cause { get; }

        public IReadOnlyList<Reason> Reasons { get; } = [];
    }
}

/// <summary>A signed step for the register of protocols.</summary>
/// <param name="Event">Compact JWS.</param>
internal sealed record RegisterEventSent(string Event);

/// <summary>A step that is in the register of protocols.</summary>
/// <param name="Sequence">Its place, from 1 on.</param>
internal sealed record RegisterTaken(long Sequence);
