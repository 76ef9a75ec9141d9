//! Names for invented people: family names from many countries, and call signs of the kind that
//! players choose.

use super::chance::Chance;

const FAMILY_NAMES: &str = "\
    Abara Adeyemi Aguilar Ahlgren Akana Albrecht Almeida Amsel Andrade Antonov Arslan Asante \
    Bachmann Baird Bakker Balogun Banerjee Barbosa Beaulieu Becker Belikov Berglund Bianchi Bjarnason \
    Blanchard Bondarenko Bosch Brandt Brennan Brodeur Calloway Cardoso Castellano Cermak Chaudhry \
    Chevalier Cisneros Conti Costa Dahl Darzi Delacroix Dimitrov Dlamini Donnelly Dragomir Dvorak Eklund \
    Engel Eriksen Escobar Faber Falk Farouk Ferrara Fonseca Forsberg Fournier Gallego Garvey Gerber \
    Giordano Goncalves Gorski Grönlund Haddad Halvorsen Hasegawa Haugen Hendricks Hlavka Holm Horvat \
    Ibarra Ilves Imamura Ivarsson Jankowski Jansen Jokinen Joubert Kaplan Karlsen Kazemi Keller Kimura \
    Kirwan Kobayashi Koivisto Kowalczyk Kruger Kurz Laine Lambert Larsen Lefebvre Leitner Lindqvist \
    Lombardi Lysenko MacInnes Mäkinen Malinov Marchetti Markovic Mbeki Melnyk Mendonca Mikkelsen \
    Moreau Moritz Mulder Naidoo Nakamura Navarro Nemec Nieminen Nowicki Nyberg Obi Ochoa Okafor Olsen \
    Orsini Osei Ozturk Paasonen Pavlov Pereira Petrov Pettersen Piaf Quispe Radu Ramires Rask Rasmussen \
    Reinholt Renaud Ribeiro Rietveld Rosario Rossi Ruiz Saarinen Salgado Santoro Schaefer Sedlak Serrano \
    Shevchenko Silva Skov Sokolov Solberg Sorensen Stavros Suzuki Szabo Takeda Tanaka Thibault Torvald \
    Ueda Urban Vaillant Varga Vasquez Verhoeven Vitale Vogel Volkov Watanabe Weiss Wiśniewski Yamada \
    Yilmaz Zapata Zeman Zielinski";

const CALL_SIGNS: &str = "\
    Badger Ballast Bishop Bramble Burrito Cobalt Copperhead Dagger Dingo Domino Driftwood Dusty Ember \
    Falcon Fathom Ferret Flint Foxglove Gasket Ghostlight Granite Hatchet Hobnail Icebox Jackdaw Juniper \
    Kestrel Lantern Longshot Magpie Mongoose Nomad Nutmeg Otter Paperclip Pelican Pickaxe Quicksand \
    Ragdoll Raven Rivet Rookery Saltire Sandbag Sawtooth Slipknot Sparrow Static Switchback Tangent \
    Thimble Tinker Toaster Umber Vandal Wallaby Wrench Yardarm Zephyr";

/// All names, mixed. More than the demo needs.
pub(super) fn mixed(chance: &mut Chance) -> Vec<&'static str> {
    let mut names: Vec<_> = FAMILY_NAMES
        .split_whitespace()
        .chain(CALL_SIGNS.split_whitespace())
        .collect();
    chance.shuffle(&mut names);
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::name;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_allowed_for_users() {
        let names = mixed(&mut Chance::new(1));
        let keys: BTreeSet<_> = names.iter().map(|name| name::key(name)).collect();
        assert_eq!(keys.len(), names.len());
        for one in names {
            assert!(name::user_name(one).is_ok(), "{one} should be a good name");
        }
    }
}
