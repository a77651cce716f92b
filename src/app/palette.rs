//! The palette: every command of this place, to be found by its name.

use super::{
    Model,
    command::Command,
    key::joined,
    overlay::Overlay,
    picker::{Picker, PickerItem},
};

/// Lists the commands of this place with their keys, without motions.
pub(super) fn open(model: &mut Model) {
    let mut items = Vec::new();
    for (command, keys) in model.settings.keymap.of(model.context()) {
        if command.is_move() || command == Command::Palette {
            continue;
        }
        let name = format!("{:<20} {}", command.name(), command.title());
        items.push(PickerItem::Command { command, name, keys: joined(&keys) });
    }
    model.reading.overlays.push(Overlay::Picker(Picker::by_name("Commands", items)));
}
