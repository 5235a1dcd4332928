using Xunit;

// Each test runs several nodes as processes; two at the same time would measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
