using Bereik.Node.Storage;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Edge;

/// <summary>The store of a source or local node: what every node has, and the pseudonym bases of the epoch.</summary>
/// <param name="options">Connection and provider.</param>
public abstract class EdgeDatabase(DbContextOptions options) : NodeDatabase(options);
