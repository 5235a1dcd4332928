using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Invitations;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Storage;
using Bereik.Node.Registers;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Letters;

// What a letter number leads to. It reads, and writes nothing: of somebody who looked and went away nothing is left.
internal sealed class LetterLookup(HubDatabase database, HubSettings settings, ProtocolRegister register, TimeProvider clock)
{
    // Null when there is no such letter in a wave that was opened.
    public async Task<FoundLetter?> FindAsync(LetterNumber number, CancellationToken cancel)
    {
        var text = number.Text;
        var sequence = await database.Database.SqlQuery<long?>($"SELECT order_sequence AS Value FROM letter WHERE number = {text}").SingleOrDefaultAsync(cancel);
        return sequence is { } of && await WaveAsync(of, cancel) is { } about ? new FoundLetter(number, about, TimeOf(about)) : null;
    }

    // A wave that was opened, with its order.
    public async Task<WaveOrder?> WaveAsync(long sequence, CancellationToken cancel)
    {
        if (await database.Waves.AsNoTracking().SingleOrDefaultAsync(wave => wave.OrderSequence == sequence, cancel) is not { } wave) return null;
        return new WaveOrder(await database.Orders.AsNoTracking().SingleAsync(order => order.Sequence == sequence, cancel), wave);
    }

    // The sealed invitation; null once it was answered, or its wave is over.
    public async Task<SealedInvitation?> InvitationAsync(LetterNumber number, CancellationToken cancel)
    {
        var text = number.Text;
        var kept = await database.Database.SqlQuery<KeptInvitation>($"SELECT salt AS Salt, sealed AS Sealed FROM invitation WHERE number = {text}").SingleOrDefaultAsync(cancel);
        if (kept is null) return null;
        if (!InvitationSalt.TryParse(kept.Salt, out var salt)) throw new InvalidDataException("A stored salt does not have its shape.");
        return new SealedInvitation { Number = number, Salt = salt, Sealed = Exchange.StrictBase64Url.Encode(kept.Sealed) };
    }

    // The yes to a letter, as it is stored now.
    public Task<Answer?> AnswerAsync(LetterNumber number, CancellationToken cancel)
    {
        var text = number.Text;
        return database.Answers.AsNoTracking().SingleOrDefaultAsync(answer => answer.Number == text, cancel);
    }

    public async Task<LetterFacts> FactsAsync(FoundLetter found, CancellationToken cancel)
    {
        var (order, wave) = found.About;
        var protocol = (await register.ViewAsync(cancel)).Find(order.Protocol, order.ProtocolVersion, wave.ProtocolHash);
        return new LetterFacts
        {
            Number = found.Number,
            Source = settings.Peer(order.Source)?.Name ?? order.Source,
            Parts = PartsOf(order),
            OpensOn = wave.OpensOn,
            AnswerBy = wave.AnswerBy,
            Time = found.Time,
            KeptDays = protocol?.Find<Clause.Retention>()?.Days ?? 0,
            ValidDays = wave.LastUntil.DayNumber - wave.AnswerBy.DayNumber,
        };
    }

    // What the order filled in.
    public static IReadOnlyDictionary<string, string> PartsOf(Order order) => SignedDocument.Parse<ListOrder>(order.Jws).Value.Document.Letter!.Parts;

    public LetterTime TimeOf(WaveOrder about)
    {
        var today = BelgianTime.DayOf(clock.GetUtcNow());
        if (about.Order.State != OrderState.Open || today > about.Wave.AnswerBy) return LetterTime.Over;
        return today < about.Wave.OpensOn ? LetterTime.TooEarly : LetterTime.Open;
    }

    private sealed record KeptInvitation(string Salt, byte[] Sealed)
    {
        public override string ToString() => "invitation";
    }
}

// A wave and the order that it is of.
internal sealed record WaveOrder(Order Order, Wave Wave)
{
    public InvitationBinding Binding => new(
        Guid.Parse(Order.Id), Exchange.Bytes32.TryParse(Wave.ProtocolHash, out var hash) ? hash : throw new InvalidDataException("A stored hash does not have its shape."), Wave.RecipientKid);
}

// A letter of an open or past wave.
internal sealed record FoundLetter(LetterNumber Number, WaveOrder About, LetterTime Time);
