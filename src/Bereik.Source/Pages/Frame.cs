using Bereik.Node.Ui;
namespace Bereik.Source.Pages;
internal static class Frame
{
    public static ValueTask<PageFrame> ReadAsync(HttpContext context, CancellationToken cancel) => ValueTask.FromResult(new PageFrame { Organisation = "x", Navigation = [] });
}
