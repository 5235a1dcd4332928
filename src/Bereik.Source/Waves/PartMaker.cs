using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Invitations;
using Bereik.Exchange.Keys;
using Bereik.Sealing.Invitations;
using Bereik.Source.Letters;
using Bereik.Source.Requests;

namespace Bereik.Source.Waves;

// One letter of a part: its place in the wave, its number, and whose it is.
internal sealed record PartLetter(int Place, LetterNumber Number, Addressee Addressee, IReadOnlyList<string> Withheld)
{
    public override string ToString() => "[brief]";
}

// What all invitations of a wave have in common.
internal sealed record PartTerms(InvitationBinding Binding, Bytes32 Notice, SigningKey Source, SealingPublicKey Recipient);

// How a part came out: SHA-256 of the sealed invitations, and how long each half took.
internal sealed record MadePart(Bytes32 Digest, TimeSpan Printing, TimeSpan Sealing);

// Makes one part of a wave: at most a thousand letters in a file for the printer, and their sealed invitations for the hub (nl: deel van een golf). Made again, it has the same numbers and codes, and
// takes the place of what was made before.
internal sealed class PartMaker(WaveText text, WaveCodes codes, PartTerms terms, string folder, bool alsoAsText)
{
    // Each seal takes 32 MiB while it is made.
    private const int MostSeals = 16;

    private static readonly JsonSerializerOptions Plain = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Null when a letter does not come out: then no file of this part is there.
    public async Task<MadePart?> MakeAsync(int part, IReadOnlyList<PartLetter> letters, Action<int> done, CancellationToken cancel)
    {
        WaveFiles.MakeFolder(folder);

        // What the hub has is not needed here any more.
        if (part > 0) File.Delete(Path.Combine(folder, WaveFiles.SealedName(part - 1)));
        var watch = Stopwatch.StartNew();
        if (!Print(text.First, WaveFiles.LettersName(part), letters, cancel)) return null;
        if (text.Reminder is { } reminder && !Print(reminder, WaveFiles.RemindersName(part), letters, cancel)) return null;
        if (alsoAsText) WriteText(part, letters);
        var printing = watch.Elapsed;
        watch.Restart();
        var digest = await SealAsync(part, letters, done, cancel);
        return new MadePart(digest, printing, watch.Elapsed);
    }

    // Whole or not at all: under another name until every byte is on the disk.
    private bool Print(LetterWriter writer, string name, IReadOnlyList<PartLetter> letters, CancellationToken cancel)
    {
        var isWhole = true;
        WaveFiles.Write(folder, name, file =>
        {
            writer.Write(file, letters.Select(ToLetter), (_, outcome) => isWhole &= outcome.Problems.Count == 0, cancel);
            return isWhole;
        });
        return isWhole;
    }

    private Letter ToLetter(PartLetter letter) => letter.Addressee.ToLetter(letter.Number.Printed, CodeOf(letter.Place), letter.Withheld);

    private string CodeOf(int place)
    {
        using var code = codes.Code(place);
        return string.Create(SecretCode.PrintedLength, code, static (printed, code) => code.Print(printed));
    }

    // For simulated people, in a trial: what is printed on each letter.
    private void WriteText(int part, IReadOnlyList<PartLetter> letters) => WaveFiles.Write(folder, WaveFiles.TextName(part), file =>
    {
        foreach (var letter in letters.Select(ToLetter))
        {
            JsonSerializer.Serialize(file, new { letter.Number, letter.Code, letter.Name, letter.Address }, Plain);
            file.WriteByte((byte)'\n');
        }

        return true;
    });

    private async Task<Bytes32> SealAsync(int part, IReadOnlyList<PartLetter> letters, Action<int> done, CancellationToken cancel)
    {
        var lines = new byte[letters.Count][];
        var made = 0;
        await Parallel.ForAsync(0, letters.Count, new ParallelOptions { MaxDegreeOfParallelism = Math.Min(Environment.ProcessorCount, MostSeals), CancellationToken = cancel }, (at, _) =>
        {
            lines[at] = Seal(letters[at]).ToJson();
            done(Interlocked.Increment(ref made));
            return ValueTask.CompletedTask;
        });
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        WaveFiles.Write(folder, WaveFiles.SealedName(part), file =>
        {
            foreach (var line in lines)
            {
                file.Write(line);
                file.WriteByte((byte)'\n');
                hash.AppendData(line);
                hash.AppendData("\n"u8);
            }

            return true;
        });
        return new Bytes32(hash.GetHashAndReset());
    }

    private SealedInvitation Seal(PartLetter letter)
    {
        using var code = codes.Code(letter.Place);
        return InvitationSeal.Make(
            new Invitation
            {
                Number = letter.Number,
                Wave = terms.Binding.Wave,
                ProtocolHash = terms.Binding.ProtocolHash,
                RecipientKid = terms.Binding.RecipientKid,
                Notice = terms.Notice,
                Person = letter.Addressee.ToPerson(),
            },
            code, terms.Source, terms.Recipient);
    }
}
