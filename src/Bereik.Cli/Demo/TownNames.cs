namespace Bereik.Cli.Demo;

/// <summary>Names and streets of the kind one meets in a Flemish town, with what trips up software: marks, hyphens, apostrophes, length.</summary>
internal static class TownNames
{
    private static readonly (string[] Women, string[] Men, string[] Families)[] Origins =
    [
        (["Marie", "An", "Els", "Hilde", "Lies", "Sofie", "Charlotte", "Louise", "Noor", "Fien", "Zoë", "Anaïs", "Renée", "Ann-Sophie", "Lotte", "Julie", "Emma", "Greet"],
            ["Jan", "Pieter", "Wout", "Bram", "Joris", "Koen", "Lucas", "Arthur", "Jules", "Noël", "Jean-Pierre", "René", "Stijn", "Tom", "Wim", "Maarten", "Dries", "Jef"],
            ["Peeters", "Janssens", "Maes", "Jacobs", "De Smet", "Van den Broeck", "Van der Auwera", "D'Haeseleer", "D'hondt", "Vandenbussche", "De Backer", "Claes", "Goossens", "Wouters", "De Clercq", "Van Cauwenberghe", "Saey-Verstraete", "Van den Bossche-Vanderhaeghen", "Lefèvre", "T'Jampens", "De Coninck", "Vermeulen", "Moens", "Van Hoorebeke"]),
        (["Fatima", "Khadija", "Amina", "Naïma", "Yasmine", "Salma", "Hind", "Loubna"],
            ["Mohammed", "Youssef", "Ayoub", "Bilal", "Hamza", "Ismaïl", "Rachid", "Abdel-Karim"],
            ["El Khattabi", "Benali", "Aït Ouhammou", "El Amrani", "Bouzid", "Ben Haddou", "El M'Rabet", "Chaouch"]),
        (["Ayşe", "Elif", "Zeynep", "Gülşen", "Özlem", "Hatice"], ["Mehmet", "Ömer", "Çağlar", "Emre", "Yiğit", "Hüseyin"],
            ["Yılmaz", "Öztürk", "Çelik", "Kaya", "Şahin", "Güneş", "Doğan"]),
        (["Aminata", "N'Deye", "Grâce", "Espérance", "Fatou", "Marie-Claire"], ["Emmanuel", "Ibrahima", "Jean-Bosco", "Kofi", "Moïse", "Ousmane"],
            ["N'Diaye", "Mbuyi", "Nkurunziza", "Diallo", "Owusu-Ansah", "Kabongo wa Kabongo", "M'Bemba"]),
        (["Oksana", "Agnieszka", "Małgorzata", "Ștefania", "Zlata", "Jiřina"], ["Volodymyr", "Łukasz", "Krzysztof", "Ștefan", "Bogdan", "Jiří"],
            ["Kovalenko", "Wiśniewska", "Łukasiewicz", "Popescu", "Țurcanu", "Dvořák", "Zielińska"]),
        (["Thị Hương", "Nargis", "Zahra", "Siham", "María José", "Inês"], ["Văn Dũng", "Najibullah", "Omar", "Ahmad", "José Luis", "Gonçalo"],
            ["Nguyễn", "Ahmadzai", "Al-Hussein", "Abdulrahman Al Mohammad", "García Márquez", "Gonçalves da Conceição", "Hashimi"]),
    ];

    private static readonly string[] Streets =
    [
        "Kerkstraat", "Stationsstraat", "Molenstraat", "Nieuwstraat", "Dorpsstraat", "Schoolstraat", "Leopoldlaan", "Kapellestraat", "Sint-Annastraat",
        "Gentsesteenweg", "Brusselsesteenweg", "Koning Albertlaan", "Veldstraat", "Zandstraat", "Eikenlaan", "Lindenlaan", "Beukendreef", "Hof ten Bos",
        "Burgemeester De Schepperstraat", "Onze-Lieve-Vrouwplein", "Priester Daensplein", "Vlaanderenstraat", "Vrijheidstraat", "'t Hoeksken", "Heuvelstraat",
        "Groenstraat", "Bergstraat", "Meersstraat", "Watermolendreef", "Dr. André Sierensstraat", "Ten Berg", "Binnenstraat", "Rozendreef", "Steenweg op Zele",
    ];

    private static readonly (string Given, string[] Families) Longest =
        ("Maria-Magdalena Elisabeth Wilhelmina", ["van der Straeten-Waillet de Schoutheete de Tervarent"]);

    /// <summary>An origin: 70 % local names.</summary>
    public static int Origin(TownRandom random) => random.Chance(700) ? 0 : random.Between(1, Origins.Length - 1);

    public static string Given(TownRandom random, int origin, bool female) => random.Pick<string>(female ? Origins[origin].Women : Origins[origin].Men);

    public static string Family(TownRandom random, int origin) => random.Pick<string>(Origins[origin].Families);

    /// <summary>The longest name of the town, for the few who bear it.</summary>
    public static (string Given, string Family) Long => (Longest.Given, Longest.Families[0]);

    public static string Street(TownRandom random) => random.Pick<string>(Streets);
}
