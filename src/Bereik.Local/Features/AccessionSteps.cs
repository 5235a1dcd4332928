using System.Security.Cryptography;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Reference;
using Bereik.Local.Accessions;
using Bereik.Local.Pages;
using Bereik.Node.Errors;
using Bereik.Node.Ui;

namespace Bereik.Local.Features;

// The three steps that are filled in before an accession is signed. What was typed is kept, right or wrong, so that it can be finished on another day.
internal sealed class AccessionSteps(OwnAccessions accessions, LocalSettings settings, Texts texts, TimeProvider clock)
{
    public static Func<string, AccessionSteps, CancellationToken, Task<IResult>> Show(AccessionStep step) => (id, steps, cancel) => steps.ShowAsync(id, step, cancel);

    public static Func<string, AccessionSteps, HttpContext, CancellationToken, Task<IResult>> Keep(AccessionStep step) =>
        async (id, steps, context, cancel) => await steps.KeepAsync(id, step, await context.Request.ReadFormAsync(cancel), cancel);

    private async Task<IResult> ShowAsync(string id, AccessionStep step, CancellationToken cancel)
    {
        if (await accessions.FindAsync(id, cancel) is not { } protocol) return ErrorCatalogue.NotFound.Problem();
        return Page(protocol, step, await accessions.ValuesAsync(protocol, cancel), isSent: false);
    }

    private async Task<IResult> KeepAsync(string id, AccessionStep step, IFormCollection form, CancellationToken cancel)
    {
        if (await accessions.FindAsync(id, cancel) is not { } protocol) return ErrorCatalogue.NotFound.Problem();
        var values = new Dictionary<string, string>(await accessions.ValuesAsync(protocol, cancel));
        foreach (var field in AccessionForm.FieldsOf(step, settings, protocol.Text)) values[field] = AccessionForm.Clean(form[field].ToString());
        if (step == AccessionStep.Measures) AccessionForm.SpreadDay(values, clock.Today());
        if (step == AccessionStep.Service && form.Files.GetFile(AccessionForm.ArrangementFile) is { Length: > 0 } arrangement) values[AccessionForm.ArrangementField] = await HashAsync(arrangement, cancel);
        await accessions.KeepAsync(protocol, values, cancel);
        if (form["daarna"] == "nog") return Results.LocalRedirect($"{AccessionPaths.Of(protocol.Text.Id, step)}#{AccessionForm.NextService(values)}");
        if (form["daarna"] == "later") return Results.LocalRedirect($"/toetreding/{protocol.Text.Id}");
        return Read(protocol, values).ErrorsOf(step).Count == 0 ? Results.LocalRedirect(AccessionPaths.Of(protocol.Text.Id, step + 1)) : Page(protocol, step, values, isSent: true);
    }

    private IResult Page(JoinableProtocol protocol, AccessionStep step, IReadOnlyDictionary<string, string> values, bool isSent)
    {
        var reading = Read(protocol, values);
        var model = new AccessionFormView(protocol.Text, step, values, isSent ? reading.ErrorsOf(step) : [], reading.Unanswered)
        {
            Bodies = AccessionForm.BodiesOf(settings.Kind),
            Municipalities = [.. settings.Nis.Select(nis => (nis, Municipalities.Find(nis)?.Name ?? nis))],
            NeedsRegulation = AccessionForm.NeedsRegulation(protocol.Text),
            ServiceFields = AccessionForm.NeedsServices(protocol.Text) ? AccessionForm.ShownServices(values) : [],
            NeedsPartnership = AccessionForm.NeedsPartnership(protocol.Text),
            Partnerships = [.. protocol.Partnerships.Select(one => new PartnershipChoice(AccessionForm.ChoiceOf(one.Membership), one.Membership, string.Join(", ", one.By.Select(who => ShowAccessions.NameOf(who, settings)))))],
        };
        var status = isSent ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK;
        return step switch
        {
            AccessionStep.Decision => UiSetup.Page<AccessionDecisionPage>(new { Model = model }, status),
            AccessionStep.Measures => UiSetup.Page<AccessionMeasuresPage>(new { Model = model }, status),
            _ => UiSetup.Page<AccessionServicePage>(new { Model = model }, status),
        };
    }

    // The document itself stays with who has it: its digest is enough to see that two organisations mean the same one.
    private static async Task<string> HashAsync(IFormFile file, CancellationToken cancel)
    {
        await using var stream = file.OpenReadStream();
        return new Bytes32(await SHA256.HashDataAsync(stream, cancel)).ToString();
    }

    private AccessionReading Read(JoinableProtocol protocol, IReadOnlyDictionary<string, string> values) => new AccessionForm(values, protocol, settings, clock.Today(), texts).Read();
}
