//! Many small runs of the worker in one process.

use formwork::event::{RunEvent, RunId};
use formwork::extract::model::Dialect;
use formwork::provider::Provider;
use formwork::provider::openrouter::{OpenRouter, Settings};
use formwork::schema::Schema;
use formwork::task::{Mode, ModeChoice, Task};
use formwork::verdict::Outcome;
use formwork::worker::{self, Command, Job};
use std::sync::Arc;

/// Does `runs` runs against the server at `url`, `at_once` at the same time; each of them has to end valid.
pub fn many(url: &str, runs: RunId, at_once: RunId) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let settings = Settings::new("peers", Dialect::OpenAi, url);
        let provider: Arc<dyn Provider> = Arc::new(OpenRouter::new(settings).unwrap());
        let schema = Schema::load("name, age int", None).unwrap();
        let task = Arc::new(Task {
            schema: schema.text().to_owned(),
            input: "Ada Lovelace died at 36.".into(),
            model: "small".into(),
            mode: ModeChoice::Only(Mode::Tools),
            ..Task::default()
        });
        let job = |run| {
            Command::Start(Box::new(Job {
                run,
                task: Arc::clone(&task),
                schema: schema.clone(),
                provider: Arc::clone(&provider),
            }))
        };
        let (commands, mut events) = worker::spawn();
        let (mut started, mut ended) = (0, 0);
        while ended < runs {
            while started < runs && started - ended < at_once {
                started += 1;
                commands.send(job(started)).await.unwrap();
            }
            if let RunEvent::Ended { outcome, reason, .. } = events.recv().await.unwrap() {
                assert_eq!(outcome, Outcome::Valid, "{reason}");
                ended += 1;
            }
        }
    });
}
