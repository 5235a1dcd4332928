namespace Bereik.Magda;

/// <summary>The content of an answer: a closed family, one case a service.</summary>
public abstract record MagdaContent
{
    private MagdaContent()
    {
    }

    /// <summary>No content, or that of a service this reader does not take apart.</summary>
    public sealed record None : MagdaContent
    {
        /// <inheritdoc/>
        public override string ToString() => "no content";
    }

    /// <summary>GeefKindVoordelen 02.00: the Groeipakket of the children of one beneficiary (nl: kindvoordelen).</summary>
    public sealed record ChildBenefits : MagdaContent
    {
        /// <summary>The children, each once, in the order of the message.</summary>
        public required IReadOnlyList<BenefitChild> Children { get; init; }

        /// <inheritdoc/>
        public override string ToString() => "child benefits";
    }

    /// <summary>GeefPersoon 02.02: one person in the National Register (nl: persoon).</summary>
    public sealed record Person : MagdaContent
    {
        /// <summary>The person.</summary>
        public required RegisterPerson Subject { get; init; }

        /// <inheritdoc/>
        public override string ToString() => "person";
    }

    /// <summary>GeefGezinssamenstelling 02.02: the members of one household (nl: gezinssamenstelling).</summary>
    public sealed record Household : MagdaContent
    {
        /// <summary>The members, in the order of the message; the first is the reference person or the one asked for.</summary>
        public required IReadOnlyList<RegisterPerson> Members { get; init; }

        /// <inheritdoc/>
        public override string ToString() => "household";
    }
}

/// <summary>A child with its payment periods, gathered from every KindVoordeel it stands in.</summary>
public sealed record BenefitChild
{
    /// <summary>The child's number.</summary>
    public required InszText Insz { get; init; }

    /// <summary>The periods, in the order of the message; may be empty.</summary>
    public required IReadOnlyList<PaymentPeriod> Periods { get; init; }

    /// <summary>Whether the social supplement (nl: sociale toeslag) is paid in a month.</summary>
    /// <param name="month">The month; null asks for any month at all.</param>
    public bool HasSocialSupplement(PaymentMonth? month) => Periods.Any(p => p.IsSocialSupplement && p.Covers(month));

    /// <summary>A fixed word, never the number.</summary>
    public override string ToString() => "child";
}

/// <summary>A stretch of months in which one category is paid (nl: betalingsperiode). Both ends are inclusive.</summary>
public sealed record PaymentPeriod
{
    /// <summary>The category of the social supplement (nl: sociale toeslag).</summary>
    public const string SocialSupplement = "SOCIAAL";

    /// <summary>The category, capitals and underscores, such as <c>BASIS</c> or <c>SOCIAAL</c>.</summary>
    public required string Category { get; init; }

    /// <summary>The first month.</summary>
    public required PaymentMonth Begin { get; init; }

    /// <summary>The last month, itself included; null when it has no end yet.</summary>
    public PaymentMonth? End { get; init; }

    /// <summary>
    /// Who is paid (nl: begunstigden): those of the period itself, else those of the KindVoordeel it stands in; may be empty.
    /// </summary>
    public required IReadOnlyList<InszText> Beneficiaries { get; init; }

    /// <summary>Whether the category is the social supplement.</summary>
    public bool IsSocialSupplement => string.Equals(Category, SocialSupplement, StringComparison.Ordinal);

    /// <summary>Whether the period covers a month.</summary>
    /// <param name="month">The month; null asks whether it covers any month at all.</param>
    public bool Covers(PaymentMonth? month) =>
        month is { } m ? Begin <= m && (End is not { } end || m <= end) : End is not { } last || Begin <= last;

    /// <summary>A fixed word, never the beneficiaries.</summary>
    public override string ToString() => "payment period";
}
