using Bereik.Node;
using Bereik.Pseudonymiser;
using Bereik.Pseudonymiser.Storage;

// The pseudonymiser (nl: pseudonimiseringsdienst): evaluates blinded points under the key of the epoch, and never sees a number.
return await NodeHost.RunAsync<PseudonymiserSettings, PseudonymiserDatabase>(args, PseudonymiserServices.Add, Routes.Map, PseudonymiserServices.StartAsync);
