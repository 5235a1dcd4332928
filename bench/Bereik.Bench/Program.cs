using Bereik.Bench;

// Measures one path against a peer in the same run. What it prints is a ratio, and it ends with 1 when an answer is not that of the oracle.
return args switch
{
    ["decide", .. var rest] => DecideBench.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("bench decide [--rounds N] [--households N] [--casbin N]");
    return 2;
}
