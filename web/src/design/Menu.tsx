import * as Dropdown from "@radix-ui/react-dropdown-menu";
import type { ReactNode } from "react";

import { Icon, type IconName } from "./Icon";
import styles from "./Menu.module.css";

export type MenuItem = { label: string; icon: IconName; onSelect: () => void; tone?: "plain" | "bad" };

/** Further actions. Not modal: a modal Radix menu injects a <style>, which our policy forbids. */
export function Menu({ trigger, items }: { trigger: ReactNode; items: readonly MenuItem[] }) {
  return (
    <Dropdown.Root modal={false}>
      <Dropdown.Trigger asChild>{trigger}</Dropdown.Trigger>
      <Dropdown.Portal>
        <Dropdown.Content className={styles.menu} align="end" sideOffset={4} collisionPadding={8}>
          {items.map((item) => (
            <Dropdown.Item
              key={item.label}
              className={styles.item}
              data-tone={item.tone ?? "plain"}
              onSelect={item.onSelect}
            >
              <Icon name={item.icon} />
              {item.label}
            </Dropdown.Item>
          ))}
        </Dropdown.Content>
      </Dropdown.Portal>
    </Dropdown.Root>
  );
}
