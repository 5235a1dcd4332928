using System.Reflection;

namespace Bereik.Node.Errors;

/// <summary>
/// Every expected failure of every node, in one place (nl: foutencatalogus). Types that the Belgian REST guide names use its URN
/// (belgif REST guide, err-problem); ours are under <c>urn:problem-type:bereik:</c>.
/// </summary>
public static class ErrorCatalogue
{
    /// <summary>The body, path or query does not have the agreed shape.</summary>
    public static readonly NodeError BadRequest = new("request.malformed", 400, Belgif("badRequest"), "De vraag heeft niet de afgesproken vorm.", "The request does not have the agreed shape.");

    /// <summary>There is no such thing, or the caller may not know of it.</summary>
    public static readonly NodeError NotFound = new("resource.notFound", 404, Belgif("resourceNotFound"), "Dit bestaat niet of is niet voor u.", "This does not exist or is not for you.");

    /// <summary>A request between nodes without a signature.</summary>
    public static readonly NodeError NoSignature = new("request.unsigned", 401, Bereik("requestUnsigned"), "De vraag is niet ondertekend.", "The request is not signed.");

    /// <summary>A signature that does not hold: another key, another body, too old, or seen before.</summary>
    public static readonly NodeError BadSignature = new("request.signatureRefused", 401, Bereik("signatureRefused"), "De handtekening van de vraag wordt niet aanvaard.", "The signature of the request is not accepted.");

    /// <summary>A request of a program without an access token.</summary>
    public static readonly NodeError NoAccessToken = new("token.absent", 401, Belgif("noAccessToken"), "De vraag heeft geen toegangsbewijs.", "The request has no access token.");

    /// <summary>An access token that does not hold: of another issuer, for another node, changed, or of a program that was revoked.</summary>
    public static readonly NodeError InvalidAccessToken = new("token.refused", 401, Belgif("invalidAccessToken"), "Het toegangsbewijs wordt niet aanvaard.", "The access token is not accepted.");

    /// <summary>An access token that has ended.</summary>
    public static readonly NodeError ExpiredAccessToken = new("token.expired", 401, Belgif("expiredAccessToken"), "Het toegangsbewijs is vervallen. Vraag een nieuw.", "The access token has ended. Ask for a new one.");

    /// <summary>An access token that does not allow this.</summary>
    public static readonly NodeError MissingScope = new("token.scope", 403, Belgif("missingScope"), "Het toegangsbewijs laat dit niet toe.", "The access token does not allow this.");

    /// <summary>A person's request without a session.</summary>
    public static readonly NodeError NotSignedIn = new("person.notSignedIn", 401, Belgif("noAccessToken"), "U bent niet aangemeld. Meld u aan en probeer opnieuw.", "You are not signed in. Sign in and try again.");

    /// <summary>A person's session ended: too long ago, taken back, or used from elsewhere.</summary>
    public static readonly NodeError SessionEnded = new("person.sessionEnded", 401, Belgif("expiredAccessToken"), "Uw aanmelding is voorbij. Meld u opnieuw aan.", "Your sign-in has ended. Sign in again.");

    /// <summary>The person must first prove with a passkey who this is.</summary>
    public static readonly NodeError ProofNeeded = new("person.proofNeeded", 403, Bereik("proofNeeded"), "Toon eerst met uw sleutel dat u het bent.", "First show with your passkey that it is you.");

    /// <summary>The caller is known and may not do this.</summary>
    public static readonly NodeError NotPermitted = new("request.notPermitted", 403, Belgif("missingPermission"), "U mag dit hier niet doen.", "You may not do this here.");

    /// <summary>More bytes than the route takes.</summary>
    public static readonly NodeError TooLarge = new("request.tooLarge", 413, Belgif("payloadTooLarge"), "De vraag is te groot.", "The request is too large.");

    /// <summary>The path is there, for another method.</summary>
    public static readonly NodeError MethodNotAllowed = new("request.methodNotAllowed", 405, Bereik("methodNotAllowed"), "Dit kan hier niet met deze methode.", "This cannot be done here with this method.");

    /// <summary>More requests than this caller may make in one window.</summary>
    public static readonly NodeError TooManyRequests = new("request.tooMany", 429, Belgif("tooManyRequests"), "Dit zijn te veel vragen op korte tijd. Wacht even.", "These are too many requests in a short time. Wait a moment.");

    /// <summary>More requests that were refused than an address may make in one window.</summary>
    public static readonly NodeError TooManyFailedRequests = new("request.tooManyFailed", 429, Belgif("tooManyFailedRequests"), "Er zijn te veel vragen geweigerd op korte tijd. Wacht even.", "Too many requests were refused in a short time. Wait a moment.");

    /// <summary>The thing is in a state in which this cannot be done any more.</summary>
    public static readonly NodeError StateConflict = new("resource.stateConflict", 409, Bereik("stateConflict"), "Dit kan niet meer in de huidige staat.", "This can no longer be done in the present state.");

    /// <summary>A signed order that the hub refuses; the reasons are in <c>reasons</c>.</summary>
    public static readonly NodeError OrderRefused = new("order.refused", 422, Bereik("orderRefused"), "De aanvraag is geweigerd.", "The order is refused.");

    /// <summary>A referral that may not go on; the reasons are in <c>reasons</c>.</summary>
    public static readonly NodeError ReferralRefused = new("referral.refused", 422, Bereik("referralRefused"), "De doorverwijzing is geweigerd.", "The referral is refused.");

    /// <summary>A yes to a letter that may not be passed on; the reasons are in <c>reasons</c>.</summary>
    public static readonly NodeError AnswerRefused = new("answer.refused", 422, Bereik("answerRefused"), "Dit antwoord mag niet doorgegeven worden.", "This answer may not be passed on.");

    /// <summary>The code does not fit the number of the letter, or there is no such number.</summary>
    public static readonly NodeError AnswerWrongCode = new("answer.wrongCode", 422, Bereik("answerWrongCode"), "De code past niet bij dit briefnummer. Kijk ze na in de brief.", "The code does not fit this letter number. Check both in the letter.");

    /// <summary>The letter can be answered from its day of posting on.</summary>
    public static readonly NodeError AnswerTooEarly = new("answer.tooEarly", 422, Bereik("answerTooEarly"), "Deze brief kan nog niet beantwoord worden.", "This letter cannot be answered yet.");

    /// <summary>The last day to answer is past, or the letters were stopped.</summary>
    public static readonly NodeError AnswerOver = new("answer.over", 422, Bereik("answerOver"), "Deze brief kan niet meer beantwoord worden.", "This letter can no longer be answered.");

    /// <summary>The same letter was said yes to before.</summary>
    public static readonly NodeError AnswerAlready = new("answer.already", 422, Bereik("answerAlready"), "Op deze brief is al ja gezegd.", "This letter was said yes to already.");

    /// <summary>Too many codes are being worked out at this moment.</summary>
    public static readonly NodeError AnswerBusy = new("answer.busy", 503, Bereik("answerBusy"), "Er zijn nu te veel antwoorden tegelijk. Probeer meteen opnieuw.", "There are too many answers at once. Try again right away.");

    /// <summary>A signed document that does not hold.</summary>
    public static readonly NodeError DocumentRefused = new("document.refused", 422, Bereik("documentRefused"), "Het ondertekende document wordt niet aanvaard.", "The signed document is not accepted.");

    /// <summary>A step that the register of protocols does not take; the reasons are in <c>reasons</c>.</summary>
    public static readonly NodeError RegisterRefused = new("register.refused", 422, Bereik("registerRefused"), "Het register van de protocollen neemt dit niet op.", "The register of protocols does not take this.");

    /// <summary>An envelope that does not have the agreed profile; the line is in <c>place</c>.</summary>
    public static readonly NodeError EnvelopeRefused = new("envelope.refused", 422, Bereik("envelopeRefused"), "Het pakket heeft niet de afgesproken vorm.", "The envelope does not have the agreed profile.");

    /// <summary>The quarter of the request is not the quarter of the key.</summary>
    public static readonly NodeError EpochOver = new("epoch.over", 409, Bereik("epochOver"), "Dit kwartaal is voorbij.", "This quarter is over.");

    /// <summary>What was to be fetched has been deleted, since it was received.</summary>
    public static readonly NodeError PackageGone = new("package.gone", 410, Bereik("packageGone"), "Dit pakket is ontvangen en hier gewist.", "This package was received and is deleted here.");

    /// <summary>A file of rows with at least one row in error.</summary>
    public static readonly NodeError FileRefused = new("file.refused", 422, Bereik("fileRefused"), "Het bestand kon niet gelezen worden.", "The file could not be read.");

    /// <summary>A bug. Nothing of it is told; the trace id finds it in the log.</summary>
    public static readonly NodeError Internal = new("node.internal", 500, Belgif("internalServerError"), "Er ging iets mis aan onze kant. Probeer het later opnieuw.", "Something went wrong on our side. Try again later.");

    /// <summary>The node cannot do its work now.</summary>
    public static readonly NodeError Unavailable = new("node.unavailable", 503, Belgif("serviceUnavailable"), "Dit knooppunt kan nu niet werken. Probeer het later opnieuw.", "This node cannot work now. Try again later.");

    /// <summary>All of them, by code.</summary>
    public static IReadOnlyList<NodeError> All { get; } =
        [.. typeof(ErrorCatalogue).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetValue(null)).OfType<NodeError>().OrderBy(error => error.Code, StringComparer.Ordinal)];

    private static string Belgif(string name) => $"urn:problem-type:belgif:{name}";

    private static string Bereik(string name) => $"urn:problem-type:bereik:{name}";
}
