namespace Bereik.Fuzz.Tests.Mutating;

// What an input is made of, so that most mutations leave something that gets further than the first check.
internal enum Shape
{
    Bytes,
    Text,
    Lines,
    Csv,
    Json,
    Yaml,
    Xml,
}
