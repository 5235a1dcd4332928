using Bereik.Ledger.Tests;

// The test program, and what it starts of itself: `append` is killed by KillTests.
return args switch
{
    ["append", var folder, var key] => await Appending.RunAsync(folder, key),
    _ when args.Any(argument => argument is "--server" or "--internal-msbuild-node") => await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
    _ => await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
};
