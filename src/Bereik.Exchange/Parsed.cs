using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Bereik.Exchange;

/// <summary>Why foreign bytes were refused.</summary>
/// <param name="Code">A stable code, such as <c>jws.signature</c>; never empty.</param>
/// <param name="Place">Where: a field name, a line or element number; empty when the whole is meant. Never a value that was read.</param>
public sealed record ParseError(string Code, string Place)
{
    /// <summary>An error at a numbered place, counted as the caller documents it.</summary>
    public static ParseError At(string code, long place) => new(code, place.ToString(CultureInfo.InvariantCulture));
}

/// <summary>What reading foreign bytes gave: a value, or the reason why not. Reading never throws on foreign bytes.</summary>
/// <typeparam name="T">The type of what was read.</typeparam>
public readonly struct Parsed<T>
    where T : class
{
    private readonly T? value;
    private readonly ParseError? error;

    private Parsed(T? value, ParseError? error)
    {
        this.value = value;
        this.error = error;
    }

    internal static Parsed<T> Of(T value) => new(value ?? throw new ArgumentNullException(nameof(value)), null);

    /// <summary>True when there is a value.</summary>
    public bool IsOk => value is not null;

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">There is none; ask <see cref="IsOk"/> first.</exception>
    public T Value => value ?? throw new InvalidOperationException($"Nothing was read: {Error.Code} {Error.Place}");

    /// <summary>The reason; only when there is no value.</summary>
    /// <exception cref="InvalidOperationException">There is a value.</exception>
    public ParseError Error => value is not null
        ? throw new InvalidOperationException("There is a value, so no error.")
        : error ?? new ParseError("parse.none", "");

    /// <summary>Gives the value, or else the error.</summary>
    public bool TryGet([NotNullWhen(true)] out T? result, [NotNullWhen(false)] out ParseError? reason)
    {
        result = value;
        reason = value is null ? Error : null;
        return value is not null;
    }

    /// <summary>A value that was read.</summary>
    public static implicit operator Parsed<T>(T value) => Of(value);

    /// <summary>A reason why nothing was read.</summary>
    public static implicit operator Parsed<T>(ParseError error) => new(null, error ?? throw new ArgumentNullException(nameof(error)));

    /// <summary>The state only, never the value.</summary>
    public override string ToString() => IsOk ? "read" : $"{Error.Code} {Error.Place}".TrimEnd();
}

/// <summary>Makes results whose type is an interface, for which C# has no implicit conversion.</summary>
public static class Parsed
{
    /// <summary>A value that was read.</summary>
    public static Parsed<T> Ok<T>(T value)
        where T : class => Parsed<T>.Of(value);

    /// <summary>A reason why nothing was read.</summary>
    public static Parsed<T> Fail<T>(string code, string place = "")
        where T : class => new ParseError(code, place);
}
