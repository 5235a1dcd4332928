using Xunit.Sdk;
using Xunit.v3;

// Each test runs several nodes as processes; two at the same time would measure each other.
[assembly: Parallelization(Mode = ParallelMode.None)]
