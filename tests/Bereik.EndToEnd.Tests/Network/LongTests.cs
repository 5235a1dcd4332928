using Xunit;

namespace Bereik.EndToEnd.Tests.Network;

// Tests that start a whole network once more for a course that shorter tests cover node by node: ./test.sh --long runs them.
internal static class LongTests
{
    public static void Only() => Assert.SkipUnless(Environment.GetEnvironmentVariable("BEREIK_LONG_TESTS") == "1", "A long test: ./test.sh --long runs it.");
}
