using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Register;
using Bereik.Local.Accessions;
using Bereik.Local.Pages;
using Bereik.Node.Errors;
using Bereik.Node.Registers;
using Bereik.Node.Ui;

namespace Bereik.Local.Features;

// An organisation stops its own accession, lifts its own suspension, or ends it. Each is a signed step in the register, after which every node stops or goes on.
internal sealed class StopAccession(OwnAccessions accessions, LocalSettings settings, RegisterDesk desk, Texts texts, TimeProvider clock)
{
    private const int LeastWords = 3;
    private const int MostWords = 500;
    private static readonly string[] Fields = ["reden", "woorden", "dag"];

    public static Func<string, StopAccession, HttpContext, CancellationToken, Task<IResult>> Handle(StopKind kind) =>
        async (id, stop, context, cancel) => await stop.HandleAsync(id, kind, await context.Request.ReadFormAsync(cancel), cancel);

    private async Task<IResult> HandleAsync(string id, StopKind kind, IFormCollection form, CancellationToken cancel)
    {
        if (await accessions.FindAsync(id, cancel) is not { Standing: { } standing } protocol) return ErrorCatalogue.NotFound.Problem();
        if (kind == StopKind.Resume && !standing.IsSuspendedBy(settings.Id)) return ErrorCatalogue.StateConflict.Problem(cause: "register.nothingToLift");
        var word = AccessionForm.Word(kind);
        var values = Fields.ToDictionary(field => $"{word}-{field}", field => AccessionForm.Clean(form[$"{word}-{field}"].ToString()).Replace('\n', ' '));
        var errors = new List<FieldError>();
        var trigger = AccessionForm.Parse<SanctionTrigger>(values[$"{word}-reden"]);
        if (kind == StopKind.Suspend && trigger is null) errors.Add(new FieldError($"{word}-reden", texts["Accession.Stop.NoTrigger"]));
        var isDay = DayText.TryParse(values[$"{word}-dag"], out var day);
        if (kind == StopKind.End && (!isDay || day < clock.Today())) errors.Add(new FieldError($"{word}-dag", texts["Accession.Stop.NoDay"]));
        var words = values[$"{word}-woorden"];
        if (words.Length is < LeastWords or > MostWords) errors.Add(new FieldError($"{word}-woorden", texts["Accession.Stop.NoWords", LeastWords, MostWords]));
        string? code = null;
        if (errors.Count == 0)
        {
            var document = new RegisterStop
            {
                Protocol = Bytes32.TryParse(protocol.Joined.Hash, out var hash) ? hash : throw new InvalidOperationException("A protocol that was joined has no hash."),
                Organisation = settings.Organisation,
                Kind = kind,
                Trigger = kind == StopKind.Suspend ? trigger : null,
                Because = words,
                On = kind == StopKind.End ? day : null,
                At = desk.Now,
            };
            code = await desk.SendAsync(desk.Sign(document), cancel);
            if (code is null) return Results.LocalRedirect($"/toetreding/{protocol.Text.Id}");
        }

        var view = await ShowAccessions.ViewAsync(protocol, accessions, settings, texts, clock, cancel);
        return UiSetup.Page<AccessionPage>(new { Model = view with { Errors = errors, Values = values, Failure = code } }, StatusCodes.Status422UnprocessableEntity);
    }
}
