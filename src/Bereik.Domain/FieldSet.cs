using System.Collections;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Bereik.Domain;

/// <summary>Some of the fields that a protocol can name (nl: verzameling van gegevens). It never changes; each field is in it once.</summary>
[CollectionBuilder(typeof(FieldSet), nameof(Of))]
public readonly record struct FieldSet : IReadOnlyCollection<RecordField>
{
    private FieldSet(uint bits) => Bits = bits;

    internal uint Bits { get; }

    /// <inheritdoc/>
    public int Count => BitOperations.PopCount(Bits);

    /// <summary>The set of these fields.</summary>
    /// <param name="fields">In any order; may be empty.</param>
    public static FieldSet Of(ReadOnlySpan<RecordField> fields)
    {
        var bits = 0u;
        foreach (var field in fields) bits |= Bit(field);
        return new FieldSet(bits);
    }

    /// <summary>The set of these fields.</summary>
    /// <param name="fields">In any order; may be empty.</param>
    public static FieldSet Of(IEnumerable<RecordField> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        return new FieldSet(fields.Aggregate(0u, (bits, field) => bits | Bit(field)));
    }

    /// <summary>Whether a field is in it.</summary>
    /// <param name="field">The field.</param>
    public bool Contains(RecordField field) => (Bits & Bit(field)) != 0;

    /// <inheritdoc/>
    public IEnumerator<RecordField> GetEnumerator()
    {
        for (var bits = Bits; bits != 0; bits &= bits - 1) yield return (RecordField)BitOperations.TrailingZeroCount(bits);
    }

    /// <summary>The names of its fields.</summary>
    public override string ToString() => string.Join(' ', this.Select(field => field.WireName()));

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // A value that is no field is in no set, and no protocol shares it.
    internal static uint Bit(RecordField field) => (int)field is >= 0 and < 24 ? 1u << (int)field : 0;
}
