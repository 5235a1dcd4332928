using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Bereik.Exchange.Invitations;
using NSec.Cryptography;

namespace Bereik.Bench;

/// <summary>What one guess at the code of a letter costs, for several sizes of Argon2id; and how a hub fares that is flooded with wrong codes.</summary>
internal static class GuessBench
{
    private static readonly (int MemoryKiB, int Passes)[] Choices = [(19 * 1024, 2), (32 * 1024, 3), (64 * 1024, 2), (64 * 1024, 3)];

    public static int Run(string[] args)
    {
        var rounds = Figures.Option(args, "--rounds", 12);
        var codes = Figures.Option(args, "--codes", 400);
        var times = Choices.ToDictionary(choice => choice, _ => new List<double>());
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var choice in Choices)
            {
                var milliseconds = Derive(choice);
                if (round > 0) times[choice].Add(milliseconds);
            }
        }

        foreach (var (choice, values) in times) Figures.Report($"Argon2id, {choice.MemoryKiB / 1024} MiB, {choice.Passes} passes, milliseconds", values, "N1");

        // The chosen one, as a hub would: so many at once, each with a code that is wrong.
        foreach (var atOnce in new[] { 1, 2, 4 })
        {
            var clock = Stopwatch.StartNew();
            Parallel.For(0, codes, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, _ =>
            {
                using var code = SecretCode.FromBits(RandomNumberGenerator.GetBytes(8));
                using var key = InvitationKey.Derive(code, InvitationSalt.Random());
            });
            using var process = Process.GetCurrentProcess();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{codes} wrong codes, {atOnce} at once: {codes / clock.Elapsed.TotalSeconds:N1} a second, 10,000 in {10_000 * clock.Elapsed.TotalMinutes / codes:N1} min; most memory so far {process.PeakWorkingSet64 >> 20} MB"));
        }

        return 0;
    }

    private static double Derive((int MemoryKiB, int Passes) choice)
    {
        var algorithm = PasswordBasedKeyDerivationAlgorithm.Argon2id(new Argon2Parameters { DegreeOfParallelism = 1, MemorySize = choice.MemoryKiB, NumberOfPasses = choice.Passes });
        var from = Stopwatch.GetTimestamp();
        algorithm.DeriveBytes("X5X60N0GY3R5F3"u8, RandomNumberGenerator.GetBytes(InvitationSalt.Length), new byte[32]);
        return Stopwatch.GetElapsedTime(from).TotalMilliseconds;
    }
}
