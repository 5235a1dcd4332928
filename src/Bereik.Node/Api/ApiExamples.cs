namespace Bereik.Node.Api;

/// <summary>Made-up values for the examples of the documents (nl: verzonnen voorbeelden).</summary>
public static class ApiExamples
{
    /// <summary>An id.</summary>
    public static readonly Guid Id = Guid.Parse("3f0c2b6e-5d0b-4f6a-9a2e-0c1d7b8e9f10");

    /// <summary>An instant.</summary>
    public static readonly DateTimeOffset At = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);

    /// <summary>A compact JWS, shortened.</summary>
    public const string Jws = "eyJhbGciOiJFUzI1NiIsImtpZCI6Ii4uLiIsInR5cCI6Ii4uLiJ9.eyJpZCI6Ii4uLiJ9.c2lnbmF0dXJl";

    /// <summary>32 bytes in base64url.</summary>
    public const string Bytes32 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
}
