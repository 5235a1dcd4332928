using Bereik.Domain;
using Bereik.Local.Contacts;
using Bereik.Local.Households;
using Bereik.Node.Requests;

namespace Bereik.Local.Letters;

// The first contact after a yes to a letter: the worker asks who speaks, and tells whether the yes is theirs. Nothing else opens before.
internal sealed class CheckAnswer(OneHousehold households, LetterAnswers answers, TimeProvider clock)
{
    // POST /werklijst/{id}/bevestigd
    public async Task<IResult> ConfirmAsync(Guid id, Actor actor, IFormCollection form, CancellationToken cancel)
    {
        var (row, refused) = await households.FindAsync(id, actor, "answer.confirm", UseAct.Open, cancel, Purpose.RequestedHelp);
        if (row is null) return refused!;
        var channel = form["kanaal-ja"].ToString();
        var next = ToldContact.NextDay(form, clock.Today(), "volgende-ja", out var wrong);
        if (!ToldContact.Channels.Contains(channel)) wrong = new WrongField("kanaal-ja", "Referral.Error.Choose");
        if (wrong is not null) return await households.AgainAsync(id, actor, wrong, form, cancel);
        var key = Guid.TryParseExact(form["poging"].ToString(), "D", out var sent) ? sent : Guid.NewGuid();
        return await answers.ConfirmAsync(row.Id, ((Actor.Person)actor).Who, new ToldContact(key.ToString("D"), channel, IsReached: true, HasNotice: false, next), cancel) ?? Results.LocalRedirect($"{OneHousehold.Path}/{id}");
    }

    // POST /werklijst/{id}/niet-van-deze-persoon
    public async Task<IResult> DenyAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        var (row, refused) = await households.FindAsync(id, actor, "answer.deny", UseAct.Open, cancel, Purpose.RequestedHelp);
        return row is null ? refused! : await answers.DenyAsync(row, ((Actor.Person)actor).Who, $"{OneHousehold.Path}/{id}", cancel);
    }
}
