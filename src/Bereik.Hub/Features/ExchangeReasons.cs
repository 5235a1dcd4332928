using Bereik.Domain;
using Bereik.Exchange;

namespace Bereik.Hub.Features;

// Why the hub refuses to bring two deposits together. They end the order; both sides may begin again.
internal static class ExchangeReasons
{
    public static readonly Reason AgreementDiffers = new("exchange.agreementDiffers", null, "Bron en ontvanger gebruiken niet dezelfde pseudoniemsleutels. Er is niets vergeleken en alles is gewist.", "Source and recipient do not use the same pseudonym keys. Nothing was compared and everything is deleted.");

    // The manifest no longer answers the order, for example because its time is over.
    public static Reason ManifestDiffers(ParseError mismatch) => new(mismatch.Code, null, "Het pakket van de bron hoort niet bij deze aanvraag. Er is niets vergeleken en alles is gewist.", "The envelope of the source does not answer this order. Nothing was compared and everything is deleted.");
}
