namespace Bereik.Domain;

/// <summary>
/// Bereik's own name for an organisation (nl: organisatie), stable when an OVO, KBO or NIS code changes at a merger.
/// Shape: 2 to 40 characters of <c>a-z</c>, <c>0-9</c> and <c>-</c>, for example <c>ocmw-aalst</c>.
/// </summary>
/// <param name="Value">The name itself.</param>
public readonly record struct OrganisationId(string Value)
{
    /// <summary>Reads a name.</summary>
    /// <param name="text">Text from a configuration, an order or a path; may be null.</param>
    /// <param name="id">The name, when the result is true.</param>
    /// <returns>False when the text does not have the shape of a name.</returns>
    public static bool TryParse(string? text, out OrganisationId id)
    {
        id = default;
        if (text is null || text.Length is < 2 or > 40) return false;
        foreach (var c in text)
        {
            if (c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')) return false;
        }

        id = new OrganisationId(text);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
