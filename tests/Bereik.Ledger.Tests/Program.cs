using System.Globalization;
using Bereik.Ledger.Tests;

// The test program, and what it starts of itself: `append` is killed by KillTests, `measure` is for people.
return args switch
{
    ["append", var folder, var key] => await Appending.RunAsync(folder, key),
    ["measure", var folder, var clients, var depth, var seconds, ..] => await Measuring.RunAsync(folder, int.Parse(clients, CultureInfo.InvariantCulture), int.Parse(depth, CultureInfo.InvariantCulture), int.Parse(seconds, CultureInfo.InvariantCulture)),
    _ when args.Any(argument => argument is "--server" or "--internal-msbuild-node") => await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
    _ => await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
};
