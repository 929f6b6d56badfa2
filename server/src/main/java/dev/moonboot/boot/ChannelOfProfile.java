package dev.moonboot.boot;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Content;
import dev.moonboot.profile.Profile;
import dev.moonboot.release.ProfileChannel;
import dev.moonboot.release.Releases;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads from a profile's URLs which channel it follows. */
final class ChannelOfProfile {
  private final ReleaseUrls.Form form;
  private final Releases releases;

  ChannelOfProfile(ReleaseUrls.Form form, Releases releases) {
    this.form = form;
    this.releases = releases;
  }

  ProfileChannel of(Profile profile) {
    String name = profile.file();
    Optional<Profile.NetBoot> boot = profile.boot();
    if (boot.isEmpty()) {
      return new ProfileChannel.NoneOfOurs(name, "it has no boot section");
    }
    List<String> lines = new ArrayList<>(boot.get().initrd());
    lines.add(boot.get().kernel());
    ReleaseUrls urls = new ReleaseUrls(form, releases, name);
    Set<String> channels = new TreeSet<>();
    for (String path : lines.stream().flatMap(line -> form.paths(line).stream()).toList()) {
      if (urls.isFixed(path)) {
        return new ProfileChannel.NoneOfOurs(
            name, "it names a release itself (" + path + "); name the channel alone");
      }
      urls.channel(path).ifPresent(channels::add);
    }
    return switch (channels.size()) {
      case 0 ->
          new ProfileChannel.NoneOfOurs(
              name,
              "its kernel and initrd name no configured channel (/assets/talos/<channel>/...)");
      case 1 -> follows(name, channels.iterator().next());
      default ->
          new ProfileChannel.NoneOfOurs(
              name, "it names more than one channel: " + String.join(", ", channels));
    };
  }

  private ProfileChannel follows(String profile, String channel) {
    Content content = releases.channel(channel).map(Channel::content).orElse(Content.BOOT);
    return content == Content.BOOT
        ? new ProfileChannel.Follows(profile, channel)
        : new ProfileChannel.NoneOfOurs(profile, ReleaseUrls.holds("channel " + channel, content));
  }
}
