using Bereik.Node.Errors;
using Bereik.Node.Ui;
using Bereik.Source.Pages;
using Bereik.Source.Protocols;

namespace Bereik.Source.Features;

// One text: its life, what it lacks, and what this organisation can do for it.
internal static class ShowProtocol
{
    private static readonly string[] Steps = ["advies", "tekenen", "bekend", "schorsen", "opheffen", "beeindigen"];

    public static async Task<IResult> ShowAsync(string id, string version, string? gedaan, OwnTexts own, CancellationToken cancel) =>
        await own.FindAsync(id, version, cancel) is { } text
            ? UiSetup.Page<ProtocolPage>(new { Model = new ProtocolView { Text = text, Form = ProtocolForm.Empty(text.Protocol), Done = Steps.Contains(gedaan) ? gedaan : null } })
            : ErrorCatalogue.NotFound.Problem();

    // The same page with what was typed and what is wrong with it.
    public static IResult Again(OwnText text, ProtocolForm form, IReadOnlyList<FieldError> errors, IReadOnlyList<Domain.Reason>? refusals = null) =>
        UiSetup.Page<ProtocolPage>(new { Model = new ProtocolView { Text = text, Form = form, Errors = errors, Refusals = refusals } }, StatusCodes.Status422UnprocessableEntity);
}
