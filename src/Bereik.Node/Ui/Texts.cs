using System.Globalization;
using System.Reflection;
using System.Resources;

namespace Bereik.Node.Ui;

/// <summary>
/// The texts of the pages, in the language of the request: first those of the node itself, then the shared ones. Each assembly keeps them in
/// <c>Resources/Texts.resx</c> (Dutch) and <c>Resources/Texts.en.resx</c>.
/// </summary>
public sealed class Texts
{
    private readonly List<ResourceManager> _resources = [];
    private readonly bool _throwOnMissing;

    /// <summary>Reads the texts of the given assemblies, earlier before later, and those of this assembly last.</summary>
    /// <param name="assemblies">Assemblies that embed <c>{assembly name}.Resources.Texts</c>; one without it is passed over.</param>
    /// <param name="throwOnMissing">True in Development: a missing key throws. Otherwise the key itself is shown.</param>
    public Texts(IEnumerable<Assembly> assemblies, bool throwOnMissing)
    {
        ArgumentNullException.ThrowIfNull(assemblies);
        _throwOnMissing = throwOnMissing;
        foreach (var assembly in assemblies.Append(typeof(Texts).Assembly).Distinct())
        {
            var name = $"{assembly.GetName().Name}.Resources.Texts";
            if (assembly.GetManifestResourceInfo($"{name}.resources") is not null)
                _resources.Add(new ResourceManager(name, assembly));
        }
    }

    /// <summary>The text with this key in the language of the request.</summary>
    /// <exception cref="KeyNotFoundException">No assembly has the key, in Development.</exception>
    public string this[string key] => Find(key) ?? (_throwOnMissing ? throw new KeyNotFoundException($"No text has the key '{key}'.") : key);

    /// <summary>The text with this key, its <c>{0}</c>, <c>{1}</c>... filled in the formats of the request.</summary>
    /// <exception cref="KeyNotFoundException">No assembly has the key, in Development.</exception>
    public string this[string key, params object?[] values] => string.Format(CultureInfo.CurrentCulture, this[key], values);

    private string? Find(string key)
    {
        foreach (var resources in _resources)
            if (resources.GetString(key, CultureInfo.CurrentUICulture) is { } text)
                return text;
        return null;
    }
}
