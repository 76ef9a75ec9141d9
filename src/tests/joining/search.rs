//! Search and the command palette (§5.5).

use super::*;

on_both_databases! {
    async fn search_puts_exact_names_first_and_an_empty_text_finds_all_groups(world: World) {
        let scene = Scene::new(&world).await;
        let root = scene.org.id.root_group();
        world.group(&scene.org, root, "Pilots Reserve", false).await;
        world.player(&scene.org, "Pilots").await;
        world.player(&scene.org, "Zed Pilots").await;
        world.player(&scene.org, "Ann Pilots").await;
        let (member, _) = world.claimed(&scene.org, "Member").await;
        let search = |text: &'static str, caller: &Caller| {
            let (world, host, caller) = (world.clone(), scene.org.host.clone(), caller.clone());
            async move {
                let path = format!("/api/roster/search?text={text}");
                world
                    .read(&host, &path, &caller)
                    .await
                    .json::<muster::features::roster::model::pages::SearchPage>()
            }
        };
        let found = search("pilots", &member).await;
        assert_eq!(found.exact_groups.len(), 1);
        assert_eq!(found.groups[0].name, "Pilots Reserve");
        assert_eq!(found.exact_players[0].name, "Pilots");
        let names: Vec<&str> = found.players.iter().map(|player| player.name.as_str()).collect();
        assert_eq!(names, ["Ann Pilots", "Zed Pilots"], "players are sorted by name");
        let all = search("", &member).await;
        assert_eq!(all.groups.len(), 4, "all groups but the private one");
        assert!(all.players.is_empty() && all.exact_groups.is_empty());
        assert_eq!(search("", &scene.org.founder).await.groups.len(), 5);
        let org = search("apple", &member).await.org.unwrap();
        assert!(org.exact);
        assert!(!search("app", &member).await.org.unwrap().exact);
        assert_eq!(search("apple.pilots", &member).await.exact_groups.len(), 1, "ORG.GROUP");
        assert!(search("shadow", &member).await.groups.is_empty());
        // Strangers find people of public groups only.
        let stranger = Caller::default();
        assert!(search("Zed", &stranger).await.players.is_empty());
        let page = scene.page("/search", &stranger).await;
        assert!(page.body.contains("All groups") && page.body.contains("Pilots Reserve"));
        assert!(!page.body.contains("Shadows"));
    }

    async fn the_palette_offers_what_its_viewer_may_do(world: World) {
        let scene = Scene::new(&world).await;
        let palette = |q: &'static str, caller: &Caller| {
            let (world, host, caller) = (world.clone(), scene.org.host.clone(), caller.clone());
            async move { world.get(&host, &format!("/search/palette?q={q}"), &caller).await }
        };
        let founder = palette("", &scene.org.founder).await;
        assert_eq!(founder.status, StatusCode::OK);
        assert!(founder.body.starts_with("<ul") && founder.body.contains("/players/new"));
        assert!(founder.body.contains("Shadows"));
        let stranger = palette("", &Caller::default()).await;
        assert!(!stranger.body.contains("/players/new") && !stranger.body.contains("Shadows"));
        assert!(stranger.body.contains("Open House") && stranger.body.contains("href=\"/join\""));
        let new = palette("new", &scene.org.founder).await;
        assert!(new.body.contains("New group") && !new.body.contains("Settings"));
        let odd = palette("%3Cscript%3E", &scene.org.founder).await;
        assert!(!odd.body.contains("<script"));
        let apex = world.get(APEX, "/search/palette?q=", &Caller::default()).await;
        assert_eq!(apex.status, StatusCode::NOT_FOUND);
    }
}
