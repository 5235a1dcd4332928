using System.Globalization;
using Bereik.Domain;
using Bereik.Node.Ui;

namespace Bereik.Hub.Register;

// Words for people for what a protocol holds as data. Every value of a vocabulary has a text; a test reads them all.
internal static class Words
{
    public static bool IsEnglish => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en";

    public static string Word(this Texts texts, Enum value) => texts[$"Word.{value.GetType().Name}.{value}"];

    public static string In(this Clause clause) => IsEnglish ? clause.En : clause.Nl;

    public static string In(this Sentence sentence) => sentence.In(IsEnglish);

    public static string In(this Domain.Reason reason) => IsEnglish ? reason.TextEnglish : reason.Text;

    public static string In(this ProtocolCase example) => IsEnglish ? example.En : example.Nl;

    public static string In(this Measure measure) => IsEnglish ? measure.En : measure.Nl;

    // The name of an organisation as people know it; its id where it is no party of this hub.
    public static string NameOf(this HubSettings settings, string id) => id == settings.Organisation ? settings.Name : settings.Peer(id) is { Name.Length: > 0 } peer ? peer.Name : id;
}
