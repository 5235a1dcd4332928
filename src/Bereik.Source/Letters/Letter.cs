namespace Bereik.Source.Letters;

/// <summary>What is in one letter and in no other (nl: brief). Personal data, and a secret: it goes into the page and nowhere else.</summary>
internal sealed record Letter
{
    /// <summary>The name of the one to whom the letter is, as it stands above the address.</summary>
    public required string Name { get; init; }

    /// <summary>The lines of the address, of which the last is postcode and place.</summary>
    public required IReadOnlyList<string> Address { get; init; }

    /// <summary>Number of the letter, in groups with a check character at the end, such as <c>7K3-M9Q-XWC</c>. Not a secret.</summary>
    public required string Number { get; init; }

    /// <summary>The secret code, in groups with a check character at the end, such as <c>KFRT-7MWP-2XQH-9</c>.</summary>
    // SECURITY: whoever has it can say yes for the family. It stands on the page once, and in no picture, address or property of the file.
    public required string Code { get; init; }

    /// <summary>Full names of the children and of everybody else in the household, as far as the source knows them: none of them may stand on the page.</summary>
    public IReadOnlyList<string> Withheld { get; init; } = [];

    /// <summary>Nothing of what is in it.</summary>
    public override string ToString() => "[brief]";
}
