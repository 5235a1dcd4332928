using System.Text.Json;
using Bereik.Ledger;
using Bereik.Node;

namespace Bereik.Hub.Log;

// The log on /health: without an open log this hub cannot do its work.
internal sealed class LogHealth(HubLog log, LogWitness witness) : IHealthPart
{
    public string Name => "log";

    public async ValueTask<HealthReport> LookAsync(CancellationToken cancel)
    {
        var condition = log.Condition;
        var published = (await log.ReadAsync(cancel))?.Reader.Checkpoint.Size;
        return new HealthReport(
            condition.State == LogState.Open,
            new { State = Word(condition.State), condition.Code, condition.Place, log.Size, Published = published, Witness = Word(witness.State) },
            witness.State != WitnessState.Fresh);
    }

    private static string Word(Enum word) => JsonNamingPolicy.CamelCase.ConvertName(word.ToString());
}
