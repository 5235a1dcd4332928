using Bereik.Node.Errors;
using Bereik.Node.Ui;
using Bereik.Source.Pages;
using Bereik.Source.Protocols;

namespace Bereik.Source.Features;

// This organisation signs a text: the same bytes as every other party.
internal static class SignProtocol
{
    public static async Task<IResult> HandleAsync(string id, string version, HttpContext context, OwnTexts own, RegisterSteps steps, Texts texts, CancellationToken cancel)
    {
        if (await own.FindAsync(id, version, cancel) is not { } text) return ErrorCatalogue.NotFound.Problem();
        var asked = await context.Request.ReadFormAsync(cancel);
        var form = ProtocolForm.Empty(text.Protocol) with { Signs = asked["tekenen"] == "ja" };

        // INVARIANT: what is signed is what the person saw; the form carries the hash of that text.
        if (asked["hash"] != text.Protocol.Hash) return ShowProtocol.Again(text, form, [new FieldError("tekst", steps.Sentence("form.otherText"))]);
        if (!text.MaySign) return ErrorCatalogue.StateConflict.Problem(cause: "protocol.state");
        if (!form.Signs) return ShowProtocol.Again(text, form, [new FieldError("tekenen", texts["Sign.Error"])]);
        var code = await steps.SignAsync(text.View.Canonical(text.Protocol.Hash), cancel);
        return code is null ? Results.LocalRedirect($"{text.Path}?gedaan=tekenen") : ShowProtocol.Again(text, form, [new FieldError("tekenen", steps.Sentence(code))]);
    }
}
