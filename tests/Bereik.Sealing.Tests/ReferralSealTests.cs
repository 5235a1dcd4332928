using System.Text;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Signatures;
using Bereik.Sealing.Referrals;
using Shouldly;
using Xunit;

namespace Bereik.Sealing.Tests;

// A referral opens for the organisation that it is sealed to, under its own offer, and in no other way; every one has the same length.
public sealed class ReferralSealTests
{
    private static readonly byte[] Json = Encoding.UTF8.GetBytes("""{"fields":[]}""");

    [Fact]
    public void Seal_ForOneOrganisation_OpensThereUnderItsOfferAlone()
    {
        using var recipient = SealingKey.Generate();
        using var other = SealingKey.Generate();
        var id = Guid.NewGuid();
        var made = ReferralSeal.Seal(id, Json, recipient.PublicKey);
        var offer = OfferOf(id, made, recipient);
        ReferralSeal.Open(offer, made.Record, recipient).ShouldBe(Json);
        ReferralSeal.Open(offer, made.Record, other).ShouldBeNull();
        ReferralSeal.Open(offer with { Id = Guid.NewGuid() }, made.Record, recipient).ShouldBeNull();
        ReferralSeal.Open(offer with { Sealed = Bytes32.Random() }, made.Record, recipient).ShouldBeNull();

        // Another record under this offer, and a changed one, also where the offer would name it.
        var another = ReferralSeal.Seal(id, Json, recipient.PublicKey);
        ReferralSeal.Open(offer, another.Record, recipient).ShouldBeNull();
        for (var at = made.Record.IndexOf("..", StringComparison.Ordinal) + 2; at < made.Record.Length; at += 97)
        {
            if (made.Record[at] == '.') continue;
            var changed = $"{made.Record[..at]}{(made.Record[at] == 'A' ? 'B' : 'A')}{made.Record[(at + 1)..]}";
            ReferralSeal.Open(offer with { Sealed = ReferralFormat.Digest(changed) }, changed, recipient).ShouldBeNull($"at {at}");
        }
    }

    [Fact]
    public void Seal_OfAnyLength_HasOneLength()
    {
        using var recipient = SealingKey.Generate();
        var lengths = new[] { 0, 1, 500, ReferralSeal.MostBytes }.Select(length => ReferralSeal.Seal(Guid.NewGuid(), new byte[length], recipient.PublicKey).Record.Length);
        lengths.Distinct().ShouldHaveSingleItem();
        Should.Throw<ArgumentException>(() => ReferralSeal.Seal(Guid.NewGuid(), new byte[ReferralSeal.MostBytes + 1], recipient.PublicKey));
    }

    [Fact]
    public void Documents_OfAReferral_AreReadBackAndRefuseEachMemberOfAnotherShape()
    {
        using var recipient = SealingKey.Generate();
        using var signer = SigningKey.Generate();
        var id = Guid.NewGuid();
        var offer = OfferOf(id, ReferralSeal.Seal(id, Json, recipient.PublicKey), recipient);
        SignedDocument.Open<ReferralOffer>(SignedDocument.Sign(offer, signer).Compact, signer.PublicKey).Value.Document.ShouldBe(offer);
        foreach (var (wrong, place) in new[]
        {
            (offer with { Id = Guid.Empty }, "id"), (offer with { Service = "Sociaal Huis" }, "service"), (offer with { Recipient = offer.Sender }, "recipient"), (offer with { ContentKey = "x" }, "contentKey"),
            (offer with { RecipientKid = "x" }, "recipientKid"), (offer with { Checkpoint = "" }, "checkpoint"), (offer with { ExpiresAt = offer.IssuedAt }, "expiresAt"),
        }) wrong.FindError().ShouldBe(new ParseError("document.field", place));
        var step = new ReferralStep { Id = id, Offer = Bytes32.Random(), By = "ocmw-aalst", Act = ReferralAct.Decline.WireName(), Cause = DeclineCause.NoCapacity.WireName(), At = offer.IssuedAt };
        SignedDocument.Open<ReferralStep>(SignedDocument.Sign(step, signer).Compact, signer.PublicKey).Value.Document.ShouldBe(step);
        foreach (var (wrong, place) in new[] { (step with { Act = "Decline" }, "act"), (step with { Cause = null }, "cause"), (step with { Cause = "de persoon wil niet" }, "cause"), (step with { Act = "accept" }, "cause"), (step with { By = "x y" }, "by") })
            wrong.FindError().ShouldBe(new ParseError("document.field", place));
    }

    // Words of an enumeration are read exactly as they are written, and never as a number.
    [Theory]
    [InlineData("\"publicCentreForWelfare\"", true)]
    [InlineData("\"PublicCentreForWelfare\"", false)]
    [InlineData("\"4\"", false)]
    [InlineData("4", false)]
    [InlineData("null", false)]
    public void Word_OfAnEnumeration_IsReadExactly(string json, bool isOne)
    {
        var options = new System.Text.Json.JsonSerializerOptions { Converters = { new ExactEnumConverter() } };
        if (isOne) System.Text.Json.JsonSerializer.Deserialize<OrganisationKind>(json, options).ShouldBe(OrganisationKind.PublicCentreForWelfare);
        else Should.Throw<System.Text.Json.JsonException>(() => System.Text.Json.JsonSerializer.Deserialize<OrganisationKind>(json, options));
    }

    private static ReferralOffer OfferOf(Guid id, SealedReferral made, SealingKey recipient) => new()
    {
        Id = id, Protocol = "lokale-actor-doorverwijzing", ProtocolVersion = "0.3", ProtocolHash = Bytes32.Random(), Sender = "kind-en-gezin-team", Recipient = "ocmw-aalst", Service = "sociaal-huis",
        SenderKid = Bytes32.Random().ToString(), RecipientKid = recipient.Kid, ContentKey = made.ContentKey, Sealed = ReferralFormat.Digest(made.Record),
        IssuedAt = new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.Zero), ExpiresAt = new DateTimeOffset(2026, 12, 4, 10, 0, 0, TimeSpan.Zero),
    };
}
