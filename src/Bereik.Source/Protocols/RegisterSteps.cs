using Bereik.Exchange.Signatures;
using Bereik.Node.Registers;
using Bereik.Node.Ui;
using Bereik.Node.Work;
using Bereik.Source.Requests;

namespace Bereik.Source.Protocols;

// What every step of a person in the register has in common: it is decided on what the hub says now, signed here, and sent; what it stops has stopped when it returns.
internal sealed class RegisterSteps(RegisterDesk desk, RunningRequests running, WorkSignal signal, Texts texts)
{
    private static readonly string[] Told =
        ["hub.unreachable", "register.notYours", "register.nothingToLift", "register.noAccession", "register.textUnknown", "register.refused", "jws.kid", "form.otherText"];

    public DateTimeOffset Now => desk.Now;

    // Null when the register was read, else a code.
    public async Task<string?> ReadAsync(CancellationToken cancel) => await desk.TryReadAsync(cancel) ? null : "hub.unreachable";

    // Null when the register took it, else a code.
    public Task<string?> SendAsync<T>(T document, CancellationToken cancel)
        where T : class, ISignedDocument<T> => SendAsync(desk.Sign(document), cancel);

    public Task<string?> SignAsync(ReadOnlyMemory<byte> canonical, CancellationToken cancel) => SendAsync(desk.SignText(canonical), cancel);

    // What happened and what one can do, then the code.
    public string Sentence(string code) => $"{texts["Step.Refused." + (Told.Contains(code) ? code : "other")]} ({code})";

    private async Task<string?> SendAsync(string document, CancellationToken cancel)
    {
        if (await desk.SendAsync(document, cancel) is { } code) return code;
        await running.StopWhatMayNotGoOnAsync(cancel);
        signal.Wake();
        return null;
    }
}
