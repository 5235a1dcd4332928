using Bereik.Hub;
using Bereik.Hub.Storage;
using Bereik.Node;

// The hub (nl: knooppunt): brings orders, token sets and sealed envelopes together, and can read none of them.
return await NodeHost.RunAsync<HubSettings, HubDatabase>(args, HubServices.Add, Routes.Map, HubServices.StartAsync);
