using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Register;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Features;
using Bereik.Node.Errors;
using Bereik.Node.Registers;
using Bereik.Node.Requests;
using Bereik.Node.Ui;

namespace Bereik.Hub.Register;

// What the operator does in the register as the hub: each step is filled in, confirmed, signed with the hub's key, and taken by the same door as everybody's.
internal sealed class ManageProtocol(
    ProtocolRegister register, RegisterBoard board, RegisterEvents.Keeper keeper, HubSettings settings, NodeKeys keys, Texts texts, TimeProvider clock)
{
    private const string Advice = "advies";
    private const string Signature = "handtekening";
    private const string Suspension = "schorsing";
    private const string Lifting = "opheffing";
    private const string WholeProtocol = "protocol";

    // The fields of each form; nothing else of what was sent goes on to the confirmation.
    private static readonly Dictionary<string, string[]> Fields = new(StringComparer.Ordinal)
    {
        [Advice] = ["strekking", "functie", "datum", "samenvatting", "nietgevolgd"],
        [Signature] = ["gelezen"],
        [Suspension] = ["stopvoor", "aanleiding", "stopreden"],
        [Lifting] = ["hefop", "hefreden"],
    };

    public static async Task<IResult> ListAsync(ProtocolRegister register, RegisterBoard board, CancellationToken cancel)
    {
        var day = await board.PresentAsync(register, cancel);
        return UiSetup.Page<ManageListPage>(new { Lines = (IReadOnlyList<ProtocolLine>)[.. day.Texts.Select(protocol => new ProtocolLine(protocol, day.Standing(protocol).State, day.Accessions(protocol).Count(one => one.IsActive)))] });
    }

    public static Task<IResult> ShowAsync(string id, string version, string? gedaan, ManageProtocol manage, CancellationToken cancel) => manage.ShowAsync(id, version, gedaan, cancel);

    public static async Task<IResult> TakeAsync(string id, string version, string act, HttpRequest http, ManageProtocol manage, CancellationToken cancel) =>
        await manage.TakeAsync(id, version, act, await http.ReadFormAsync(cancel), cancel);

    private async Task<IResult> ShowAsync(string id, string version, string? done, CancellationToken cancel)
    {
        var day = await board.PresentAsync(register, cancel);
        if (day.Find(id, version) is not { } protocol) return ErrorCatalogue.NotFound.Problem();
        var view = View(day, protocol) with { Done = done is not null && Fields.ContainsKey(done) ? done : null, Filled = new Dictionary<string, string> { ["datum"] = DayText.Write(day.Today) } };
        return UiSetup.Page<ManagePage>(new { Model = view });
    }

    private async Task<IResult> TakeAsync(string id, string version, string act, IFormCollection form, CancellationToken cancel)
    {
        var day = await board.PresentAsync(register, cancel);
        if (!Fields.TryGetValue(act, out var names) || day.Find(id, version) is not { } protocol) return ErrorCatalogue.NotFound.Problem();
        var filled = names.ToDictionary(name => name, name => string.Join(' ', form[name].ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparer.Ordinal);
        var view = View(day, protocol) with { Filled = filled };
        var errors = new List<FieldError>();
        var sign = Prepare(act, day, protocol, view, filled, errors);
        if (sign is null || errors.Count > 0) return Again(view with { Errors = errors });
        if (form["bevestigd"] != "ja") return UiSetup.Page<ManageConfirmPage>(new { Model = new ConfirmView(protocol, act, filled, Lines(act, view, filled)) });
        var taken = await keeper.TakeAsync(sign(), cancel);
        return taken.Error is null
            ? Results.LocalRedirect($"/beheer/protocollen/{protocol.Id}/{protocol.Version}?gedaan={act}")
            : Again(view with { Refusals = RefusalsOf(taken) });
    }

    private static Microsoft.AspNetCore.Http.HttpResults.RazorComponentResult<ManagePage> Again(ManageView view) => UiSetup.Page<ManagePage>(new { Model = view }, StatusCodes.Status422UnprocessableEntity);

    private List<(string Code, string Text)> RefusalsOf(RegisterEvents.Taken taken)
    {
        if (taken.Reasons.Count > 0) return [.. taken.Reasons.Select(reason => (reason.Code, reason.In()))];
        var code = taken.Cause ?? taken.Error!.Code;
        return [(code, code is "register.notYours" or "register.nothingToLift" or "register.noAccession" or "register.textUnknown" ? texts["Manage.Fault." + code] : Words.IsEnglish ? taken.Error!.TextEnglish : taken.Error!.Text)];
    }

    // What will be signed, when everything is filled in. It is signed after the confirmation only.
    private Func<string>? Prepare(string act, RegisterDay day, Protocol protocol, ManageView view, Dictionary<string, string> filled, List<FieldError> errors)
    {
        if (!Bytes32.TryParse(protocol.Hash, out var hash)) throw new InvalidOperationException($"Protocol {protocol.Id} has no hash.");
        var at = DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());
        switch (act)
        {
            case Advice:
                Check(filled, "strekking", TryReadName(filled["strekking"], out AdviceOutcome outcome), errors);
                Check(filled, "functie", filled["functie"].Length is >= 3 and <= 200, errors);
                Check(filled, "datum", DayText.TryParse(filled["datum"], out var on) && on <= day.Today, errors);
                Check(filled, "samenvatting", filled["samenvatting"].Length is >= 3 and <= 1000, errors);
                var unfollowed = filled["nietgevolgd"];
                Check(filled, "nietgevolgd", unfollowed.Length == 0 ? outcome != AdviceOutcome.Unfavourable : unfollowed.Length is >= 3 and <= 1000, errors);
                if (errors.Count > 0) return null;
                return Signer(new ProtocolAdvice
                {
                    Protocol = hash, Party = Domain.Party.Recipient, At = at,
                    Advice = new OfficerAdvice { Outcome = outcome, Officer = filled["functie"], On = on, Summary = filled["samenvatting"], NotFollowed = unfollowed.Length > 0 ? unfollowed : null },
                }, "samenvatting", errors);
            case Signature:
                Check(filled, "gelezen", filled["gelezen"] == "ja", errors);
                if (!view.MaySign) errors.Add(new FieldError("gelezen", texts["Manage.Error.signed"]));
                return () => RegisterDocuments.SignProtocol(day.View.Canonical(protocol.Hash).Span, keys.Signing);
            case Suspension:
                Check(filled, "stopvoor", view.Running.Any(option => option.Value == filled["stopvoor"]), errors);
                Check(filled, "aanleiding", TryReadName(filled["aanleiding"], out SanctionTrigger trigger), errors);
                Check(filled, "stopreden", filled["stopreden"].Length is >= 3 and <= 500, errors);
                return errors.Count > 0 ? null : Signer(new RegisterStop { Protocol = hash, Organisation = Whose(filled["stopvoor"]), Kind = StopKind.Suspend, Trigger = trigger, Because = filled["stopreden"], At = at }, "stopreden", errors);
            default:
                Check(filled, "hefop", view.Held.Any(option => option.Value == filled["hefop"]), errors);
                Check(filled, "hefreden", filled["hefreden"].Length is >= 3 and <= 500, errors);
                return errors.Count > 0 ? null : Signer(new RegisterStop { Protocol = hash, Organisation = Whose(filled["hefop"]), Kind = StopKind.Resume, Because = filled["hefreden"], At = at }, "hefreden", errors);
        }
    }

    private Func<string> Signer<T>(T document, string field, List<FieldError> errors)
        where T : class, ISignedDocument<T>
    {
        if (document.FindError() is not null) errors.Add(new FieldError(field, texts["Manage.Error.text"]));
        return () => SignedDocument.Sign(document, keys.Signing).Compact;
    }

    private void Check(Dictionary<string, string> filled, string field, bool holds, List<FieldError> errors)
    {
        if (!holds) errors.Add(new FieldError(field, texts[$"Manage.Error.{field}{(filled[field].Length == 0 ? "" : ".wrong")}"]));
    }

    private List<(string Label, string Value)> Lines(string act, ManageView view, Dictionary<string, string> filled)
    {
        string Chosen(IReadOnlyList<FieldOption> options, string field) => options.First(option => option.Value == filled[field]).Text;
        return act switch
        {
            Advice =>
            [
                (texts["Manage.strekking"], texts["Advice." + filled["strekking"]]), (texts["Manage.functie"], filled["functie"]), (texts["Manage.datum"], DayText.TryParse(filled["datum"], out var on) ? Formats.Day(on) : ""),
                (texts["Manage.samenvatting"], filled["samenvatting"]), .. filled["nietgevolgd"] is { Length: > 0 } why ? [(texts["Manage.nietgevolgd"], why)] : Array.Empty<(string, string)>(),
            ],
            Signature => [(texts["Files.Hash"], view.Protocol.Hash)],
            Suspension => [(texts["Manage.stopvoor"], Chosen(view.Running, "stopvoor")), (texts["Manage.aanleiding"], texts["Trigger." + filled["aanleiding"]]), (texts["Manage.stopreden"], filled["stopreden"])],
            _ => [(texts["Manage.hefop"], Chosen(view.Held, "hefop")), (texts["Manage.hefreden"], filled["hefreden"])],
        };
    }

    private ManageView View(RegisterDay day, Protocol protocol)
    {
        var standing = day.Standing(protocol);
        var accessions = day.Accessions(protocol);
        FieldOption Whole(string text) => new(WholeProtocol, texts[text]);
        return new ManageView
        {
            Protocol = protocol,
            Standing = standing,
            Advice = ShowProtocol.Advices(day, protocol).FirstOrDefault(one => one.Party == Domain.Party.Recipient),
            MaySign = standing.MissingSignatures.Contains(Domain.Party.Hub),

            // What is suspended already is left alone: whoever suspended it must lift it.
            Running = [.. !standing.IsSuspendedBy(settings.Id) ? [Whole("Manage.Whole")] : Array.Empty<FieldOption>(), .. accessions.Where(one => !one.IsEnded && !one.IsSuspendedBy(settings.Id)).Select(OptionOf)],
            Held = [.. standing.IsSuspendedBy(settings.Id) ? [Whole("Manage.Whole")] : Array.Empty<FieldOption>(), .. accessions.Where(one => one.IsSuspendedBy(settings.Id)).Select(OptionOf)],
        };
    }

    private FieldOption OptionOf(AccessionStanding standing) => new("van:" + standing.Act.By.Value, texts["Manage.One", settings.NameOf(standing.Act.By.Value)]);

    private static string? Whose(string chosen) => chosen == WholeProtocol ? null : chosen["van:".Length..];

    // A name only: a number would be read too.
    private static bool TryReadName<TEnum>(string text, out TEnum value)
        where TEnum : struct, Enum
    {
        value = default;
        return Enum.GetNames<TEnum>().Contains(text) && Enum.TryParse(text, out value);
    }
}
