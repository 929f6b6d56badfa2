package dev.moonboot.assets.compose;

import dev.moonboot.assets.tree.TreeNode.Content;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;

/** Contents one behind the other; only one is open at a time. */
record Joined(List<Content> parts) implements Content {
  Joined {
    parts = List.copyOf(parts);
  }

  @Override
  public long size() {
    return parts.stream().mapToLong(Content::size).sum();
  }

  @Override
  public InputStream open() {
    return new Input(parts.iterator());
  }

  private static final class Input extends InputStream {
    private final Iterator<Content> left;
    private InputStream open = InputStream.nullInputStream();

    Input(Iterator<Content> left) {
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] out, int offset, int length) throws IOException {
      int got = open.read(out, offset, length);
      while (got < 0 && left.hasNext()) {
        open.close();
        open = left.next().open();
        got = open.read(out, offset, length);
      }
      return got;
    }

    @Override
    public void close() throws IOException {
      open.close();
    }
  }
}
