using Bereik.Bench;

// Measures one path against a peer in the same run. What it prints is a ratio, and it ends with 1 when an answer is not that of the oracle.
return args switch
{
    ["decide", .. var rest] => DecideBench.Run(rest),
    ["append", .. var rest] => await AppendBench.RunAsync(rest),
    ["tree", .. var rest] => TreeBench.Run(rest),
    ["proof", .. var rest] => TreeBench.Prove(rest),
    ["large", .. var rest] => await LargeLogBench.RunAsync(rest),
    ["reopen", var folder] => await LargeLogBench.ReopenAsync(folder),
    ["worklist", .. var rest] => await WorklistBench.RunAsync(rest),
    ["guess", .. var rest] => GuessBench.Run(rest),
    ["letters", .. var rest] => await LettersBench.RunAsync(rest),
    ["letters-make", var folder] => await LettersBench.MakeAsync(folder),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("bench decide [--rounds N] [--households N] [--casbin N]");
    Console.Error.WriteLine("bench append [--rounds N] [--seconds N] [--clients N]      durable appends against PostgreSQL's single-row commits");
    Console.Error.WriteLine("bench tree [--rounds N] [--leaves N]                       tree build against a loop in C");
    Console.Error.WriteLine("bench proof [--rounds N] [--leaves N]                      checks of inclusion proofs");
    Console.Error.WriteLine("bench large [--entries N] [--restarts N]                   a log of many entries: memory, and opening it");
    Console.Error.WriteLine("bench worklist [--households N] [--rounds N]               the worklist of one OCMW over HTTP, against its goals");
    Console.Error.WriteLine("bench guess [--rounds N] [--codes N]                         what a guess at the code of a letter costs, and a flood of them");
    Console.Error.WriteLine("bench letters [--letters N]                                  a wave printed and sealed, killed half way and resumed; 50,000 letters unless told");
    return 2;
}
