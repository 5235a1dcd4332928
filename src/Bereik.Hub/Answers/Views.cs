using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Invitations;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Letters;

namespace Bereik.Hub.Answers;

/// <summary>A letter as its page tells of it (nl: brief): nothing of a person, and nothing of whether anybody answered.</summary>
public sealed record LetterView
{
    /// <summary>The number, canonical.</summary>
    public required LetterNumber Number { get; init; }

    /// <summary>Name of the source.</summary>
    public required string Source { get; init; }

    /// <summary>What the order filled in.</summary>
    public required IReadOnlyDictionary<string, string> Parts { get; init; }

    /// <summary>The first day on which it can be answered.</summary>
    public required DateOnly OpensOn { get; init; }

    /// <summary>The last day on which it can be answered.</summary>
    public required DateOnly AnswerBy { get; init; }

    /// <summary>Whether it cannot be answered yet.</summary>
    public required bool IsEarly { get; init; }

    /// <summary>Whether it can be answered no more.</summary>
    public required bool IsOver { get; init; }

    /// <summary>Days that the recipient keeps what it gets when nobody is reached.</summary>
    public required int KeptDays { get; init; }

    /// <summary>Days that a yes holds.</summary>
    public required int ValidDays { get; init; }

    /// <summary>A part of the order; empty when it is not there.</summary>
    /// <param name="id">Its name.</param>
    public string Part(string id) => Parts.TryGetValue(id, out var text) ? text : "";

    /// <summary>The telephone of the service, in one piece.</summary>
    public string Phone => Part("phone").Replace(' ', AnswerWords.Tie);

    /// <summary>Never which letter.</summary>
    public override string ToString() => "letter";

    internal static LetterView Of(LetterFacts facts) => new()
    {
        Number = facts.Number,
        Source = facts.Source,
        Parts = facts.Parts,
        OpensOn = facts.OpensOn,
        AnswerBy = facts.AnswerBy,
        IsEarly = facts.Time == LetterTime.TooEarly,
        IsOver = facts.Time == LetterTime.Over,
        KeptDays = facts.KeptDays,
        ValidDays = facts.ValidDays,
    };
}

/// <summary>How a yes stands, for its holder (nl: stand).</summary>
/// <param name="Letter">The letter.</param>
/// <param name="Standing">How it stands.</param>
/// <param name="GivenOn">Day of the yes.</param>
/// <param name="Until">Last day on which it holds.</param>
/// <param name="ReachedBy">The day by which the recipient has it, or will.</param>
/// <param name="EraseBy">The last day on which the recipient must have erased it; null before it ended.</param>
/// <param name="Proofs">Proofs from the public log, by <c>given</c> and <c>withdrawn</c>.</param>
public sealed record StandingView(LetterView Letter, ConsentStanding Standing, DateOnly GivenOn, DateOnly Until, DateOnly ReachedBy, DateOnly? EraseBy, IReadOnlyDictionary<string, byte[]> Proofs)
{
    /// <summary>What can be done on the page as it stands. A yes given with help is stood for on the telephone alone: the worker who helped had the code too.</summary>
    public IReadOnlyList<ConsentAct> Acts { get; } = [.. new[] { ConsentAct.Withdraw, ConsentAct.Never }.Where(act => Standing.After(act, ConsentSide.Holder) is not null)];

    /// <summary>The state, never whose.</summary>
    public override string ToString() => Standing.State.ToString();

    internal static StandingView Of(HolderView view) => new(LetterView.Of(view.Letter), view.Standing, view.GivenOn, view.Until, view.ReachedBy, view.EraseBy, view.Proofs);
}

/// <summary>A receipt to be shown, printed or posted (nl: bewijs).</summary>
/// <param name="Receipt">What it says.</param>
/// <param name="Compact">The signed form.</param>
/// <param name="Municipality">The municipality, as the letter named it.</param>
/// <param name="Picture">The signed form as a square code.</param>
public sealed record ReceiptView(ConsentReceipt Receipt, string Compact, string Municipality, ReceiptPicture Picture)
{
    /// <summary>The record's id.</summary>
    public override string ToString() => Receipt.ToString();

    internal static ReceiptView Of(string compact, LetterView letter) => new(SignedDocument.Parse<ConsentReceipt>(compact).Value.Document, compact, letter.Part("municipality"), ReceiptPicture.Of(compact));
}
