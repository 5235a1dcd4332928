using Bereik.Node;
using Bereik.Source;

// The source (nl: bron): holds a register, decides on orders, and sends sealed records that only the recipient opens.
return await NodeHost.RunAsync<SourceSettings, SourceDatabase>(args, SourceServices.Add, Routes.Map, SourceServices.StartAsync);
