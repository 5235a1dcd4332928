using Bereik.Domain;
using Bereik.Exchange.Register;
using Bereik.Local.Accessions;
using Bereik.Local.Pages;
using Bereik.Local.Storage;
using Bereik.Node.Decisions;
using Bereik.Node.Errors;
using Bereik.Node.Registers;
using Bereik.Node.Requests;
using Bereik.Node.Ui;

namespace Bereik.Local.Features;

// The last step of acceding: what would be signed, what is still open, and the signature over the text and over the accession.
internal sealed class SignAccession(OwnAccessions accessions, LocalDatabase database, LocalSettings settings, ProtocolRegister register, RegisterDesk desk, Texts texts, TimeProvider clock)
{
    private static readonly Dictionary<AccessionStep, Domain.Reason[]> Changes = new()
    {
        [AccessionStep.Decision] = [Reasons.DecisionInvalid, Reasons.AccessionNotAdvised],
        [AccessionStep.Measures] = [Reasons.MeasureUnanswered, Reasons.MeasureLapsed, Reasons.OtherFramework],
        [AccessionStep.Service] = [Reasons.ReviewTooFar, Reasons.RegulationMissing, Reasons.TerritoryInvalid, Reasons.NoWelfareCentre, Reasons.ServiceMissing, Reasons.PartnershipMissing],
    };

    public static Task<IResult> ShowAsync(string id, SignAccession sign, CancellationToken cancel) => sign.ShowAsync(id, cancel);

    public static async Task<IResult> SignAsync(string id, SignAccession sign, HttpContext context, Actor actor, CancellationToken cancel) =>
        await sign.SignAsync(id, await context.Request.ReadFormAsync(cancel), ((Actor.Person)actor).Who.Name, cancel);

    private async Task<IResult> ShowAsync(string id, CancellationToken cancel)
    {
        if (await accessions.FindAsync(id, cancel) is not { } protocol) return ErrorCatalogue.NotFound.Problem();
        return UiSetup.Page<AccessionSignPage>(new { Model = View(protocol.Text, await AskAsync(protocol, cancel), [], null) });
    }

    private async Task<IResult> SignAsync(string id, IFormCollection form, string person, CancellationToken cancel)
    {
        if (await accessions.FindAsync(id, cancel) is not { } protocol) return ErrorCatalogue.NotFound.Problem();
        var asked = await AskAsync(protocol, cancel);
        if (form["akkoord"] != "ja") return Again(View(protocol.Text, asked, [new FieldError("akkoord", texts["Accession.Sign.Error"])], null));
        await LogAsync(protocol.Text, asked, person, cancel);
        if (!View(protocol.Text, asked, [], null).MaySign) return Again(View(protocol.Text, asked, [], null));
        if (await SendAsync(protocol.Text, asked.Reading.Accession, cancel) is { } code) return Again(View(protocol.Text, asked, [], code));
        await accessions.DropAsync(protocol, cancel);
        return Results.LocalRedirect($"/toetreding/{protocol.Text.Id}?getekend");

        static IResult Again(AccessionSignView model) => UiSetup.Page<AccessionSignPage>(new { Model = model }, StatusCodes.Status422UnprocessableEntity);
    }

    // An organisation that accedes is bound by the same bytes as every party: first the text, once, and then what it declares.
    private async Task<string?> SendAsync(Protocol protocol, Accession accession, CancellationToken cancel)
    {
        var act = new AccessionAct { Accession = accession, At = desk.Now };
        if (act.FindError() is { } wrong) return wrong.Code;
        var view = await register.ViewAsync(cancel);
        var hasSigned = view.Events.Any(one => one is RegisterEvent.SignedText && one.By == settings.Id && one.ProtocolHash == protocol.Hash);
        if (!hasSigned && await desk.SendAsync(desk.SignText(view.Canonical(protocol.Hash)), cancel) is { } code) return code;
        return await desk.SendAsync(desk.Sign(act), cancel);
    }

    private async Task<Asked> AskAsync(JoinableProtocol protocol, CancellationToken cancel)
    {
        // Decided on the register as the hub has it now, where the hub can be reached: a node that has just started knows no text yet.
        await desk.TryReadAsync(cancel);
        var reading = new AccessionForm(await accessions.ValuesAsync(protocol, cancel), protocol, settings, clock.Today(), texts).Read();
        var facts = await accessions.FactsAsync(protocol.Text, reading.Accession, cancel);
        return new Asked(reading, facts, Decide.Accede(protocol.Text, reading.Accession, facts));
    }

    private async Task LogAsync(Protocol protocol, Asked asked, string person, CancellationToken cancel)
    {
        var (accession, facts) = (asked.Reading.Accession, asked.Facts);
        var request = new { accession.Organisation, accession.FrameworkHash, accession.Decision, accession.ReviewBy, measures = accession.Measures.Select(answer => $"{answer.Id} {answer.State}"), services = accession.Services?.Select(service => service.Id), partnership = accession.Partnership?.Id };
        database.LogDecision(
            asked.Decision, new DecisionContext(clock.GetUtcNow(), DecisionPoint.Accede, "accession.sign", protocol.Id, person, protocol.Id, protocol.Version, protocol.Hash),
            request, new { facts.Today, facts.SyntheticOnly, facts.SignedBy, facts.Kind, facts.State, framework = facts.Framework?.Version });
        await database.SaveChangesAsync(cancel);
    }

    private AccessionSignView View(Protocol protocol, Asked asked, IReadOnlyList<FieldError> errors, string? failure)
    {
        var (reading, reasons) = (asked.Reading, asked.Decision.Reasons);
        var open = Changes.Select(step => new AccessionOpen(step.Key, [.. reasons.Where(step.Value.Contains).Select(Refusals.View)], reading.ErrorsOf(step.Key)))
            .Where(step => step.Reasons.Count > 0 || step.Fields.Count > 0);
        var others = reasons.Where(reason => !Changes.Values.Any(step => step.Contains(reason)));
        int Count(MeasureState state) => reading.Accession.Measures.Count(answer => answer.State == state);
        return new AccessionSignView(
            protocol, reading.Accession, settings.Name, [.. open], [.. others.Select(Refusals.View)],
            new MeasureCounts(Count(MeasureState.Met), Count(MeasureState.Planned), Count(MeasureState.NotMet), reading.Unanswered), errors, failure);
    }

    private sealed record Asked(AccessionReading Reading, AccessionFacts Facts, Decision Decision);
}
