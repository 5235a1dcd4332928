using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using System.Text.Json;
using Bereik.Magda;

namespace Bereik.Cli.Commands;

/// <summary><c>bereik magda read PATH [--month yyyy-MM] [--json]</c>: what stands in a folder of MAGDA answers.</summary>
internal static class MagdaReadCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("PATH") { Description = "A folder of answers (searched whole) or one file." };
        var month = new Option<PaymentMonth?>("--month")
        {
            Description = "The month to ask about, yyyy-MM. Without it: any month.",
            HelpName = "yyyy-MM",
            CustomParser = ParseMonth,
        };
        var json = new Option<bool>("--json") { Description = "One JSON object per answer, one a line, and nothing else on standard output." };
        var read = new Command("read", "Read answers. Exit code 1 when a file was unreadable; the others are read all the same.") { path, month, json };
        read.SetAction(parsed =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return Run(MagdaFolder.Read(parsed.GetRequiredValue(path)), parsed.GetValue(month), parsed.GetValue(json) ? new JsonLines(output) : new Table(output), error);
        });
        return new Command("magda", "Answers of MAGDA services.") { read };
    }

    private static PaymentMonth? ParseMonth(ArgumentResult argument)
    {
        if (argument.Tokens.Count == 1 && PaymentMonth.TryParse(argument.Tokens[0].Value, out var month))
            return month;
        argument.AddError("--month takes a month as yyyy-MM, such as 2020-03.");
        return null;
    }

    private static int Run(IEnumerable<MagdaFile> files, PaymentMonth? month, Writer writer, TextWriter error)
    {
        var unreadable = 0;
        foreach (var file in files)
        {
            if (file.Answer is { } answer)
            {
                writer.Write(file.Path, answer, month);
                continue;
            }

            unreadable++;
            var (line, column) = (file.Error!.Line, file.Error.Column);
            var place = line > 0 ? $", line {line}, column {column}" : "";
            error.WriteLine($"{Printable(file.Path)}{place}: {file.Error.Meaning} ({file.Error.Code}).");
        }

        writer.End(unreadable);
        return unreadable == 0 ? 0 : 1;
    }

    // SECURITY: a file name may hold control characters that would rewrite the terminal.
    private static string Printable(string path) => string.Concat(path.Select(c => char.IsControl(c) ? '?' : c));

    private abstract class Writer
    {
        public abstract void Write(string file, MagdaAnswer answer, PaymentMonth? month);

        public virtual void End(int unreadable)
        {
        }
    }

    private sealed class JsonLines(TextWriter output) : Writer
    {
        public override void Write(string file, MagdaAnswer answer, PaymentMonth? month)
        {
            using var buffer = new MemoryStream();
            using (var json = new Utf8JsonWriter(buffer))
            {
                json.WriteStartObject();
                json.WriteString("file", file);
                json.WriteString("service", answer.Service);
                json.WriteString("insz", answer.Insz?.Digits);
                json.WriteStartArray("children");
                if (answer.Content is MagdaContent.ChildBenefits benefits)
                    foreach (var child in benefits.Children)
                    {
                        json.WriteStartObject();
                        json.WriteString("insz", child.Insz.Digits);
                        json.WriteBoolean("socialSupplement", child.HasSocialSupplement(month));
                        json.WriteEndObject();
                    }

                json.WriteEndArray();
                json.WriteStartArray("exceptions");
                foreach (var exception in answer.Exceptions)
                {
                    json.WriteStartObject();
                    json.WriteString("id", exception.Id);
                    json.WriteString("type", exception.TypeName);
                    json.WriteString("text", exception.Text);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            output.Write(Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
            output.Write('\n');
        }
    }

    private sealed class Table(TextWriter output) : Writer
    {
        private int _answers;

        public override void Write(string file, MagdaAnswer answer, PaymentMonth? month)
        {
            if (_answers++ == 0)
                output.WriteLine($"{"file",-44}  {"children",8}  {"supplement",10}  exceptions");
            var children = answer.Content is MagdaContent.ChildBenefits benefits ? benefits.Children : [];
            var exceptions = string.Join(", ", answer.Exceptions.Select(e => $"{e.Id} {e.TypeName}"));
            output.WriteLine($"{Printable(file),-44}  {children.Count,8}  {children.Count(c => c.HasSocialSupplement(month)),10}  {exceptions}".TrimEnd());
        }

        public override void End(int unreadable) => output.WriteLine($"{_answers} answers read, {unreadable} files unreadable.");
    }
}
