using System.Globalization;
using Bereik.Fuzz.Tests;
using Bereik.Fuzz.Tests.Parsing;

// The test program; besides, `corpus FOLDER` makes the corpus anew (with `settings`, `protocols`, `referrals`, `erasures`, `consents` or `invitations` behind it those alone), and `fuzz PARSER COUNT [SEED]` runs one parser (or `all`) for as long as one wants.
return args switch
{
    ["corpus", var folder, "settings"] => CorpusMaker.MakeSettings(folder),
    ["corpus", var folder, "protocols"] => CorpusMaker.MakeProtocols(folder),
    ["corpus", var folder, "referrals"] => CorpusMaker.MakeReferrals(folder),
    ["corpus", var folder, "erasures"] => CorpusMaker.MakeErasures(folder),
    ["corpus", var folder, "consents"] => CorpusMaker.MakeConsents(folder),
    ["corpus", var folder, "invitations"] => CorpusMaker.MakeInvitations(folder),
    ["corpus", var folder] => await CorpusMaker.MakeAsync(folder),
    ["fuzz", var name, var count, .. var seed] => Fuzz(name, long.Parse(count, CultureInfo.InvariantCulture), seed.FirstOrDefault()),
    _ when args.Any(argument => argument is "--server" or "--internal-msbuild-node") => await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
    _ => await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
};

static int Fuzz(string name, long count, string? seed)
{
    var failed = 0;
    foreach (var parser in Parsers.All.Where(parser => name == "all" || parser.Name == name))
    {
        var run = new FuzzRun(parser);
        try
        {
            run.Run(count, seed);
            Console.WriteLine(run.Report);
            if (name != "all") Console.WriteLine(string.Join('\n', run.Outcomes.Append(run.WriteSlowest())));
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            failed++;
            Console.WriteLine($"{parser.Name}: {broken.Message}\n{broken.InnerException}");
        }
    }

    return failed;
}
