using Bereik.Edge;
using Bereik.Local;
using Bereik.Local.Storage;
using Bereik.Node;

return await NodeHost.RunAsync<LocalSettings, LocalDatabase>(
    args,
    (node, problems) =>
    {
        node.AddEdge(problems);
        node.AddLocal(problems);
    },
    Routes.Map,
    LocalServices.BeginAsync);
