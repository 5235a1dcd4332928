using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Features;
using Bereik.Hub.Storage;
using Bereik.Node.Api;
using Bereik.Node.Errors;
using Bereik.Node.Registers;
using Bereik.Node.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Log;

// POST /v1/log-documents: {"document": "..."}. What a node signed for the log itself: keys, roots over persons, ends of disclosures, daily roots. The
// signature is the proof of who sends it. The same document again gives the same index.
internal static class TakeLogDocument
{
    public static readonly ApiOperation Api = new("logDocument", "Have a signed document put in the public log")
    {
        Description = "Key statements, roots over the persons of a package, ends of disclosures, daily roots. The signature is the proof of who sends it. The same document again gives the same place.",
        Takes = ApiBody.Json(new LogDocumentSent(ApiExamples.Jws)),
        Answers = [ApiAnswer.Json(200, "It is in the log.", new Logged(4711))],
        Errors = [ErrorCatalogue.TooLarge, ErrorCatalogue.DocumentRefused, ErrorCatalogue.Unavailable],
    };

    // Not now: its key comes first.
    private const string NotStated = "key.notStated";

    public static async Task<IResult> HandleAsync(HttpRequest http, Desk desk, CancellationToken cancel)
    {
        var (document, wrongBody) = await DocumentBody.ReadAsync(http, "document", cancel);
        if (document is null) return wrongBody!;
        var (index, wrong) = await desk.TakeAsync(document, cancel);
        if (wrong is null) return Results.Json(new Logged(index));
        return wrong.Code == NotStated ? LoggedRoute.NotStated() : ErrorCatalogue.DocumentRefused.Problem(wrong.Place, wrong.Code);
    }

    // Takes a document, whether another node brought it or this one states its own.
    internal sealed class Desk(HubDatabase database, HubSettings settings, NodeKeys keys, ProtocolRegister register, TimeProvider clock)
    {
        // Clocks differ; a document of tomorrow is none of today.
        private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(5);

        public async Task<(long Index, ParseError? Wrong)> TakeAsync(string compact, CancellationToken cancel)
        {
            if (!TryRead(compact).TryGet(out var read, out var unread)) return (-1, unread);

            // One writer at a time from here: what is checked below cannot change before the document is in.
            await using var transaction = await database.Database.BeginTransactionAsync(cancel);
            var hash = read.Hash.ToString();
            if (await database.LogDocuments.AsNoTracking().SingleOrDefaultAsync(document => document.Hash == hash, cancel) is { } known) return (known.Position, null);
            if (read.At > clock.GetUtcNow() + ClockDifference) return (-1, new ParseError("document.inFuture", "at"));
            var (taken, wrong) = await read.CheckAsync(this, cancel);
            if (taken is null) return (-1, wrong);

            // What was stated before stays where it stands.
            if (taken.Before is { } before) return (before, null);

            // From here on nobody's disconnect ends it half-way.
            var position = (await database.LogAsync(taken.Entry!))[0];
            database.LogDocuments.Add(new LogDocument { Hash = hash, Typ = read.Typ, Organisation = taken.Organisation, About = taken.About, Position = position.Index, TakenAt = clock.GetUtcNow() });
            await database.SaveChangesAsync(CancellationToken.None);
            await transaction.CommitAsync(CancellationToken.None);
            taken.Committed?.Invoke();
            return (position.Index, null);
        }

        private static Parsed<Read> TryRead(string compact)
        {
            Parsed<Read>? read = null;
            foreach (var one in new Func<string, Parsed<Read>>[]
            {
                text => As<KeyStatement>(text, document => document.At, static (desk, document, cancel) => desk.CheckKeyAsync(document, cancel)),
                text => As<PersonsRoot>(text, document => document.At, static (desk, document, cancel) => desk.CheckRootAsync(document, cancel)),
                text => As<DisclosureEnd>(text, document => document.At, static (desk, document, cancel) => desk.CheckEndAsync(document, cancel)),
                text => As<RoundRoots>(text, document => document.At, static (desk, document, cancel) => desk.CheckRoundAsync(document, cancel)),
            })
            {
                read = one(compact);
                if (read.Value.IsOk || read.Value.Error.Code != "jws.header") break;
            }

            return read!.Value;
        }

        private static Parsed<Read> As<T>(string compact, Func<T, DateTimeOffset> at, Func<Desk, SignedDocument<T>, CancellationToken, Task<(Taken?, ParseError?)>> check)
            where T : class, ISignedDocument<T> => SignedDocument.Parse<T>(compact).TryGet(out var document, out var wrong)
                ? new Read(T.Typ, document.Context, at(document.Document), (desk, cancel) => check(desk, document, cancel))
                : wrong;

        private async Task<(Taken?, ParseError?)> CheckKeyAsync(SignedDocument<KeyStatement> document, CancellationToken cancel)
        {
            var (stated, owner) = (document.Document, document.Document.Organisation);
            if (Pinned(owner) is not { } pinned) return Wrong("key.organisation", "organisation");
            var all = await database.StatedKeys.Where(key => key.Organisation == owner).OrderBy(key => key.Sequence).ToListAsync(cancel);
            var signing = all.Where(key => key.Use == KeyUse.Signing && key.RevokedAt is null).ToList();

            // SECURITY: who signs it is one of the organisation's own signing keys, or the first of them, which the operator confirmed and pinned.
            var signer = signing.Select(key => Of(key.Key)).FirstOrDefault(key => key.Kid == document.Kid);
            var isFirst = stated is { Use: KeyUse.Signing, Key: not null } && stated.Kid == pinned.Kid;
            if (signer is null && isFirst && document.Kid == pinned.Kid && all.All(key => key.Kid != pinned.Kid)) signer = pinned;
            if (signer is null) return Wrong(all.Count == 0 && !isFirst ? "key.firstMissing" : "key.signer", "kid");
            if (!document.IsSignedBy(signer)) return Wrong("jws.signature", "");

            var present = all.Find(key => key.Use == stated.Use && key.Kid == stated.Kid);
            var now = clock.GetUtcNow();
            if (stated.Key is null)
            {
                if (present is null) return Wrong("key.unknown", "kid");
                if (present.RevokedAt is not null) return Wrong("key.revoked", "kid");
                present.RevokedAt = now;
            }
            else
            {
                if (present?.RevokedAt is not null) return Wrong("key.revoked", "kid");
                if (present is not null) return (new Taken(await PositionAsync(owner, About(stated), cancel)), null);
                if (!MayHold(stated.Use, owner)) return Wrong("key.use", "use");
                if (stated.Use == KeyUse.Signing && !isFirst && signer.Kid != all.Last(key => key.Use == KeyUse.Signing).Kid) return Wrong("key.signer", "kid");

                // One key has one owner, or a signature would be of two.
                if (stated.Use == KeyUse.Signing && keys.Owner(stated.Kid) is { } other && other != owner) return Wrong("key.ofAnother", "kid");
                database.StatedKeys.Add(new StatedKey { Organisation = owner, Use = stated.Use, Kid = stated.Kid, Key = stated.Key, StatedAt = now });
            }

            return (new Taken(owner, About(stated), new LogEntry.KeyStated { By = owner, At = stated.At, Document = document.Compact })
            {
                Committed = stated.Use == KeyUse.Signing ? () => Tell(keys, owner, stated.Kid, stated.Key) : null,
            }, null);
        }

        private async Task<(Taken?, ParseError?)> CheckRootAsync(SignedDocument<PersonsRoot> document, CancellationToken cancel)
        {
            var root = document.Document;
            if (await FindUnsignedAsync(document, cancel) is { } unsigned) return (null, unsigned);
            var signer = keys.Owner(document.Kid)!;
            if (await database.OrderOfAsync(root.Order, cancel) is not { } order || order.Recipient != signer) return Wrong("root.order", "order");
            if (order.FetchedAt is not { } fetched || order.Handle is null) return Wrong("root.notFetched", "order");
            if (order.State == OrderState.Rejected) return Wrong("root.rejected", "order");
            if (order.RootHash is not null) return Wrong("root.another", "root");
            if (root.Handle.ToString() != order.Handle) return Wrong("root.handle", "handle");
            if (root.Manifest.ToString() != order.ManifestHash) return Wrong("root.manifest", "manifest");
            var protocol = (await register.ViewAsync(cancel)).Find(order.Protocol, order.ProtocolVersion);
            if (protocol is null || root.Slots % protocol.Band != 0) return Wrong("root.slots", "slots");
            var longest = protocol.Find<Clause.Retention>() is { } retention ? Math.Max(retention.Days, retention.ContactDays) : 0;
            if (root.EraseBy < BelgianTime.DayOf(fetched) || root.EraseBy > BelgianTime.DayOf(clock.GetUtcNow()).AddDays(longest)) return Wrong("root.eraseBy", "eraseBy");
            order.RootHash = document.Hash.ToString();
            return (new Taken(signer, order.Id, new LogEntry.PersonsRooted { By = signer, At = root.At, Order = root.Order, Handle = root.Handle, Document = document.Compact }), null);
        }

        private async Task<(Taken?, ParseError?)> CheckEndAsync(SignedDocument<DisclosureEnd> document, CancellationToken cancel)
        {
            var end = document.Document;
            if (await FindUnsignedAsync(document, cancel) is { } unsigned) return (null, unsigned);
            var signer = keys.Owner(document.Kid)!;
            var handle = end.Handle.ToString();
            if (await database.Orders.AsNoTracking().SingleOrDefaultAsync(order => order.Handle == handle, cancel) is not { FetchedAt: not null } order || order.Recipient != signer) return Wrong("end.handle", "handle");
            var about = $"{handle}/{end.Kind.ToString().ToLowerInvariant()}";
            if (await PositionAsync<DisclosureEnd>(signer, about, cancel) is not null) return Wrong("end.again", "kind");
            return (new Taken(signer, about, new LogEntry.DisclosureEnded { By = signer, At = end.At, Handle = end.Handle, Document = document.Compact }), null);
        }

        private async Task<(Taken?, ParseError?)> CheckRoundAsync(SignedDocument<RoundRoots> document, CancellationToken cancel)
        {
            var round = document.Document;
            if (await FindUnsignedAsync(document, cancel) is { } unsigned) return (null, unsigned);
            var signer = keys.Owner(document.Kid)!;
            if (round.Organisation != signer || !IsLocal(signer)) return Wrong("round.organisation", "organisation");
            if (round.Day > BelgianTime.DayOf(clock.GetUtcNow())) return Wrong("round.day", "day");
            var about = round.Day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
            if (await PositionAsync<RoundRoots>(signer, about, cancel) is not null) return Wrong("round.again", "day");
            return (new Taken(signer, about, new LogEntry.RoundPublished { By = signer, At = round.At, Document = document.Compact }), null);
        }

        // Null when a peer signed, by a key of it that counts now and that the log shows.
        private async Task<ParseError?> FindUnsignedAsync<T>(SignedDocument<T> document, CancellationToken cancel)
            where T : class, ISignedDocument<T>
        {
            if (keys.Owner(document.Kid) is not { } owner || settings.Peer(owner) is null || keys.ForRequest(owner, document.Kid) is not { } key) return new ParseError("jws.kid", "kid");
            if (!document.IsSignedBy(key)) return new ParseError("jws.signature", "");
            return await database.IsStatedAsync(key.Kid, cancel) ? null : new ParseError(NotStated, "kid");
        }

        private SigningPublicKey? Pinned(string organisation)
        {
            if (organisation == settings.Organisation) return keys.Signing.PublicKey;
            return settings.Peer(organisation)?.Signing is { } jwk && SigningPublicKey.FromJwk(jwk.GetRawText()).TryGet(out var key, out _) ? key : null;
        }

        private bool IsLocal(string organisation) => settings.Peer(organisation)?.Kind
            is OrganisationKind.Municipality or OrganisationKind.PublicCentreForWelfare or OrganisationKind.WelfareCentre or OrganisationKind.MutualitySocialService or OrganisationKind.Referrer;

        private bool MakesTokens(string organisation) => settings.Peer(organisation)?.Kind is OrganisationKind.Source or OrganisationKind.Municipality or OrganisationKind.PublicCentreForWelfare;

        private bool MayHold(KeyUse use, string organisation) => use switch
        {
            KeyUse.Signing => true,
            KeyUse.Oprf => settings.Peer(organisation)?.Kind == OrganisationKind.Pseudonymiser,
            KeyUse.Token => MakesTokens(organisation),
            _ => IsLocal(organisation) || settings.Peer(organisation)?.Kind == OrganisationKind.Source,
        };

        private Task<long?> PositionAsync(string organisation, string about, CancellationToken cancel) => PositionAsync<KeyStatement>(organisation, about, cancel);

        private Task<long?> PositionAsync<T>(string organisation, string about, CancellationToken cancel)
            where T : class, ISignedDocument<T>
        {
            var typ = T.Typ;
            return database.LogDocuments.Where(document => document.Typ == typ && document.Organisation == organisation && document.About == about).Select(document => (long?)document.Position).SingleOrDefaultAsync(cancel);
        }

        private static string About(KeyStatement stated) => $"{StatedKey.WireName(stated.Use)}/{stated.Kid}{(stated.Key is null ? "/revoked" : "")}";

        private static SigningPublicKey Of(string jwk) => SigningPublicKey.FromJwk(jwk).Value;

        private static (Taken?, ParseError?) Wrong(string code, string place) => (null, new ParseError(code, place));
    }

    // What the log says of signing keys, as this process uses them from now on.
    public static void Tell(NodeKeys keys, string organisation, string kid, string? key)
    {
        if (key is null) keys.Revoke(kid);
        else keys.Learn(organisation, SigningPublicKey.FromJwk(key).Value);
    }

    private sealed record Read(string Typ, Bytes32 Hash, DateTimeOffset At, Func<Desk, CancellationToken, Task<(Taken?, ParseError?)>> CheckAsync);

    // What is logged, or where it stands already.
    private sealed record Taken(string Organisation, string About, LogEntry? Entry)
    {
        public Taken(long? before)
            : this("", "", null) => Before = before;

        public long? Before { get; }

        public Action? Committed { get; init; }
    }
}

/// <summary>A signed document for the public log.</summary>
/// <param name="Document">Compact JWS.</param>
internal sealed record LogDocumentSent(string Document);

/// <summary>Where a document is in the public log.</summary>
/// <param name="Index">Its place, from 0.</param>
internal sealed record Logged(long Index);
