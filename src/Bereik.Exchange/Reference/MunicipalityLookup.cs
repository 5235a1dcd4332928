namespace Bereik.Exchange.Reference;

/// <summary>What a NIS code stands for on a day: a closed family.</summary>
public abstract record MunicipalityLookup
{
    private MunicipalityLookup()
    {
    }

    /// <summary>The code is valid on that day.</summary>
    /// <param name="Municipality">The municipality.</param>
    public sealed record Current(Municipality Municipality) : MunicipalityLookup;

    /// <summary>The code ended in a merger before that day.</summary>
    /// <param name="Municipality">The municipality it is part of on that day.</param>
    /// <param name="Former">The municipality that the code stood for.</param>
    public sealed record Merged(Municipality Municipality, Municipality Former) : MunicipalityLookup;

    /// <summary>No Flemish municipality has this code, or none had it yet on that day.</summary>
    public sealed record Unknown : MunicipalityLookup;
}
