using Xunit.Sdk;
using Xunit.v3;

// Nodes under test share what a process has once: its environment and its standard error.
[assembly: Parallelization(Mode = ParallelMode.None)]
