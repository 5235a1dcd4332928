using Bereik.Domain;
using Bereik.Local.Accessions;
using Bereik.Local.Files;
using Bereik.Local.Orders;
using Bereik.Local.Pages;
using Bereik.Local.Storage;
using Bereik.Local.Workers;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Features;

// Ordering a list: the month, the count that the team lead signs for, and what was ordered before.
internal sealed class OrderList(LocalDatabase database, LocalSettings settings, OwnPeople people, OwnProtocols protocols, OwnAccessions accessions, OrderMaker maker, WorkSignal signal, Texts texts, TimeProvider clock)
{
    public static Task<IResult> ShowAsync(OrderList orders, CancellationToken cancel) => orders.ShowAsync(cancel);

    public static async Task<IResult> PlaceAsync(OrderList orders, Attestations attestations, HttpContext context, Actor actor, CancellationToken cancel)
    {
        var who = ((Actor.Person)actor).Who;
        return await orders.PlaceAsync(await context.Request.ReadFormAsync(cancel), who.Name, await attestations.TeamAsync(who.Subject, cancel), cancel);
    }

    public static ListView View(OrderedList list) => new(Guid.Parse(list.Id), list.ReferenceMonth.ToString(), list.State, list.AskedAt, list.Delivered, list.DeleteBy);

    private async Task<IResult> ShowAsync(CancellationToken cancel) =>
        UiSetup.Page<OrderPage>(new { Model = await ViewAsync(Month.Of(clock.Today()).Plus(-1).ToString(), false, [], [], cancel) });

    private async Task<IResult> PlaceAsync(IFormCollection form, string person, string? team, CancellationToken cancel)
    {
        var text = form["maand"].ToString();
        var signs = form["akkoord"] == "ja";
        var nis = form["nis"].ToString() is { Length: > 0 } chosen ? chosen : settings.Nis[0];
        var errors = new List<FieldError>();
        if (!Month.TryParse(text, out var month)) errors.Add(new FieldError("maand", texts["Order.Month.Error"]));
        if (!signs) errors.Add(new FieldError("akkoord", texts["Order.Sign.Error"]));
        IReadOnlyList<Domain.Reason> reasons = [];
        if (errors.Count == 0)
        {
            var stop = await maker.FindLogStopAsync(cancel);
            var signer = new Signer(person, team ?? await ServiceAsync(cancel));

            // The decision and the row belong together: two orders at once would both find no other.
            await using var transaction = await database.Database.BeginTransactionAsync(cancel);
            var (list, decision) = await maker.MakeAsync(nis, month, signer, stop, cancel);
            if (list is not null)
            {
                database.Lists.Add(list);
                database.ListEvents.Add(new ListEvent { ListId = list.Id, State = "asked", At = list.AskedAt });
                database.Enqueue(SendOrder.Name, list.Id, clock.GetUtcNow());
                await database.SaveChangesAsync(cancel);
                await transaction.CommitAsync(cancel);
                signal.Wake();
                return Results.LocalRedirect($"/lijsten/{list.Id}");
            }

            // What was refused is in the register too.
            await database.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            reasons = decision.Reasons;
        }

        return UiSetup.Page<OrderPage>(new { Model = await ViewAsync(text, signs, errors, reasons, cancel) }, StatusCodes.Status422UnprocessableEntity);
    }

    // The service that works with the lists, as the accession names it; nobody's before there is one.
    private async Task<string> ServiceAsync(CancellationToken cancel) =>
        (await accessions.FindAsync((await protocols.PresentAsync(cancel)).Id, cancel))?.Standing?.Act.Accession.Service ?? "";

    private async Task<OrderView> ViewAsync(string month, bool signed, IReadOnlyList<FieldError> errors, IReadOnlyList<Domain.Reason> reasons, CancellationToken cancel)
    {
        var file = await database.Files.AsNoTracking().SingleOrDefaultAsync(one => one.State == "current" && one.Kind == settings.FileKind, cancel);
        var lists = await database.Lists.AsNoTracking().Where(list => list.Flow != OrderedList.Letters).OrderByDescending(list => list.AskedAt).Take(50).ToListAsync(cancel);
        var protocol = await protocols.PresentAsync(cancel);
        return new OrderView(
            [.. lists.Select(View)], month, await people.CountAsync(clock.Today(), cancel), file?.Rejected ?? 0, settings.ListFlow == Flow.Unknown,
            $"{protocol.Title.In(WhyRow.IsEnglish)} {protocol.Version}",
            [.. protocol.Clauses.Select(clause => WhyRow.IsEnglish ? clause.En : clause.Nl)], errors, [.. reasons.Select(Refusals.View)], signed)
        {
            Protocol = protocol.Id,
            Accession = (await accessions.FindAsync(protocol.Id, cancel))?.Standing,
        };
    }
}
