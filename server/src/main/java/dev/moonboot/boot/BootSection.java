package dev.moonboot.boot;

import dev.moonboot.node.NodeLabels;
import dev.moonboot.profile.BootTemplates;
import dev.moonboot.profile.Group;
import dev.moonboot.profile.Profile;
import dev.moonboot.profile.Profile.NetBoot;
import dev.moonboot.profile.TemplateData;

/** What a profile says for one node to boot, before releases are filled in. */
sealed interface BootSection {
  /** This. */
  record Known(NetBoot boot) implements BootSection {}

  /**
   * Nothing.
   *
   * @param why tells nothing of what values and files hold
   * @param detail more for people who may see that; may be empty
   */
  record None(String why, String detail) implements BootSection {}

  /** The boot section as it stands; rendered for the node where the profile asks for that. */
  static BootSection of(Group group, Profile profile, NodeLabels labels) {
    BootTemplates templates = profile.templates();
    return templates == null
        ? profile
            .boot()
            .<BootSection>map(Known::new)
            .orElseGet(
                () -> new None("profile %s has no boot section".formatted(profile.file()), ""))
        : new TemplatedSection(profile.file(), TemplateData.of(group, labels)).fill(templates);
  }
}
