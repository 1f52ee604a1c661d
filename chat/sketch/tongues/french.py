"""French."""

from chat.sketch.tongues.tongue import Tongue

TONGUE = Tongue(
    "fr",
    nouns="""
balloon m ballon ballons: montgolfière montgolfières
bird m oiseau oiseaux
songbird m oiseau_chanteur oiseaux_chanteurs
plane m avion avions
rocket f fusée fusées: vaisseau_spatial
kite m cerf-volant cerfs-volants
star f étoile étoiles
butterfly m papillon papillons
sun m soleil soleils
moon f lune lunes: pleine_lune
cloud m nuage nuages
house f maison maisons: cabane cabanes chalet
barn f grange granges: étable ferme
castle m château châteaux: palais forteresse
lighthouse m phare phares
church f église églises: chapelle cathédrale
tower f tour tours: gratte-ciel
windmill m moulin moulins: moulin_à_vent
bridge m pont ponts
tent f tente tentes
tree m arbre arbres: chêne érable
pine m sapin sapins: pin pins
palm m palmier palmiers
bush m buisson buissons: arbuste haie
flower f fleur fleurs: marguerite
tulip f tulipe tulipes
cactus m cactus cactus
mushroom m champignon champignons
car f voiture voitures: auto automobile
bus m bus bus: autobus autocar
truck m camion camions
train m train trains: locomotive
bicycle m vélo vélos: bicyclette
boat m bateau bateaux: barque voilier voiliers
ship m navire navires: paquebot
duck m canard canards
whale f baleine baleines
fish m poisson poissons
cat m chat chats: chatte chaton chatons
dog m chien chiens: chienne chiot
fox m renard renards
horse m cheval chevaux: poney
cow f vache vaches: veau
sheep m mouton moutons: agneau brebis
rabbit m lapin lapins: lièvre
elephant m éléphant éléphants
person f personne personnes: gens
man m homme hommes: monsieur
woman f femme femmes: dame
boy m garçon garçons
girl f fille filles: fillette
robot m robot robots
snowman m bonhomme_de_neige bonshommes_de_neige
apple f pomme pommes
orange f orange oranges: mandarine
lemon m citron citrons
banana f banane bananes
pear f poire poires
cherry f cerise cerises
strawberry f fraise fraises
tomato f tomate tomates
carrot f carotte carottes
onion m oignon oignons
grape m raisin raisins
bread m pain pains
pot f marmite marmites: casserole
pan f poêle poêles
soup f soupe soupes
pancake f crêpe crêpes
bowl m bol bols: saladier
cup f tasse tasses: café thé
bottle f bouteille bouteilles: vin
cake m gâteau gâteaux
vase m vase vases
book m livre livres
sofa m canapé canapés: sofa divan
chair f chaise chaises
lamp f lampe lampes
table f table tables
bed m lit lits
shelf f étagère étagères: bibliothèque
plant f plante plantes
circle m cercle cercles: rond
square m carré carrés
heart m cœur cœurs: coeur coeurs
sea f mer mers: océan lac lacs eau étang baie
beach f plage plages: côte rivage
river f rivière rivières: fleuve ruisseau
mountains f montagne montagnes: alpes sommet
hills f colline collines: vallée
city f ville villes: rue
forest f forêt forêts: bois
desert m désert déserts
meadow f prairie prairies: pré champ herbe pelouse
room f pièce pièces: salon chambre
underwater m récif récifs: sous_l_eau aquarium
space m espace espace: galaxie univers cosmos
sky m ciel ciels
wall m mur murs
background m fond fonds: arrière-plan
hair m cheveu cheveux
dress f robe robes: chemise
card f carte cartes: carte_postale
""",
    stand_ins="""eagle aigle aigles; seagull mouette mouettes; crow corbeau corbeaux;
parrot perroquet perroquets; owl hibou hiboux chouette; chicken poule poules poulet;
penguin pingouin pingouins manchot; bee abeille abeilles; hotel hôtel hôtels; school école écoles;
temple temple temples; sunflower tournesol tournesols; rose rose roses; taxi taxi taxis;
van camionnette camionnettes; ambulance ambulance ambulances; tractor tracteur tracteurs;
tram tramway tramways tram; motorbike moto motos; canoe canoë canoës; submarine sous-marin;
swan cygne cygnes; dolphin dauphin dauphins; shark requin requins; tiger tigre tigres;
lion lion lions; wolf loup loups; donkey âne ânes; zebra zèbre zèbres; bull taureau taureaux;
goat chèvre chèvres; child enfant enfants; baby bébé bébés; king roi rois; prince prince princes;
princess princesse princesses; queen reine reines; witch sorcière sorcières; mermaid sirène sirènes;
mother mère mères maman; father père pères papa; grandmother grand-mère; grandfather grand-père;
astronaut astronaute astronautes; pirate pirate pirates; knight chevalier chevaliers;
wizard magicien magiciens sorcier; armchair fauteuil fauteuils; bench banc bancs;
desk bureau bureaux; lantern lanterne lanternes; island île îles; volcano volcan volcans;
jungle jungle jungles; garden jardin jardins; park parc parcs; village village villages;
kitchen cuisine cuisines; christmastree sapin_de_noël arbre_de_noël""",
    colours="""red rouge; orange orange; yellow jaune; golden doré; gold or; green vert verte;
turquoise turquoise; blue bleu; navy bleu_marine; violet violet violette; purple pourpre mauve;
pink rose;
brown marron brun; beige beige; cream crème; white blanc blanche blanches; silver argenté; grey
gris grise;
black noir; crimson cramoisi; cyan cyan; salmon saumon""",
    numbers="""1 un une; 2 deux paire; 3 trois des quelques; 4 quatre; 5 cinq plusieurs; 6 six; 7
sept
beaucoup; 8 huit; 9 neuf; 10 dix; 11 onze; 12 douze douzaine; 20 vingt""",
    groups={
        "size": "big grand grande énorme géant gros; small petit petite minuscule",
        "relation": "on sur dessus; in dans en; behind derrière; in_front_of devant; "
        "above au_dessus_de au_dessus_du au_dessus_d au_dessus; under sous au_dessous_de "
        "au_dessous_d; "
        "beside à_côté_de à_côté_du à_côté_d à_côté près_de près_du au_bord_de_la au_bord_de "
        "au_bord_du; "
        "left_of à_gauche_de à_gauche_du; right_of à_droite_de à_droite_du",
        "side": "left gauche à_gauche; right droite à_droite; middle milieu centre au_milieu "
        "au_centre; top haut en_haut; bottom bas en_bas",
        "sky": "night nuit de_nuit étoilé; dawn aube aurore matin lever_du_soleil "
        "lever_de_soleil; evening soir soirée crépuscule coucher_du_soleil coucher_de_soleil; "
        "day jour de_jour midi; rain pluie pluvieux pleut; snow neige enneigé enneigée hiver; "
        "storm orage tempête orageux; fog brouillard brume; rainbow arc-en-ciel arc_en_ciel; "
        "overcast nuageux couvert; sunny ensoleillé",
        "act": "paint peins peins-moi peindre dessine dessine-moi montre crée; add ajoute rajoute "
        "ajouter; put mets met pose place; remove enlève supprime retire efface ôte; make "
        "rends rend fais change colore transforme; bigger plus_grand plus_grande plus_grands "
        "agrandis; smaller plus_petit plus_petite rapetisse réduis; more encore de_plus autre "
        "autres; "
        "move déplace bouge; replace remplace; undo annule annuler retour_arrière reviens; "
        "first la_première le_premier original; again encore_une_fois de_nouveau à_nouveau; "
        "restart recommence recommencer repartir_de_zéro; help aide aide-moi que_peux_tu "
        "qui_es_tu; hello bonjour bonsoir salut coucou; thanks merci; question que_montre "
        "que_vois qu_est_ce combien de_quelle_couleur",
        "edit": "greyscale niveaux_de_gris noir_et_blanc; sepia sépia; invert inverse négatif; "
        "brighter plus_clair plus_lumineux éclaircis; darker plus_sombre assombris plus_foncé; "
        "warmer plus_chaud; cooler plus_froid; more_contrast plus_de_contraste; less_contrast "
        "moins_de_contraste; vivid plus_vif couleurs_plus_vives; blur flou floute; "
        "sharpen plus_net netteté; cartoon dessin_animé bande_dessinée; pixelate pixelise pixels; "
        "vignette vignette; flip retourne miroir reflète; rotate tourne pivote; crop rogne "
        "recadre; "
        "border bordure cadre; caption légende texte écris titre; square format_carré",
        "shade": "light clair claire clairs claires; dark foncé foncée foncés foncées sombre",
        "word": "and et ainsi aussi; then puis ensuite; without sans aucun aucune; the le la les l "
        "au aux du; it ça; with avec; picture image photo tableau dessin; birthday "
        "anniversaire; - s_il_te_plaît s_il_vous_plaît te plaît plait vous s il moi me "
        "maintenant très "
        "de d à qui est sont il_y_a couleur de_couleur je veux voudrais lumière degrés côté ce "
        "cette "
        "son sa mon ma un_peu par pour lumière_du en_couleur tout bord que mais",
    },
    lands={
        "sea": "au bord de l’eau", "beach": "sur la plage", "river": "au bord d’une rivière",
        "mountains": "devant des montagnes", "hills": "parmi des collines",
        "city": "dans la ville", "forest": "dans une forêt", "desert": "dans le désert",
        "meadow": "dans une prairie", "room": "dans une pièce", "underwater": "sous l’eau",
        "space": "dans l’espace",
    },
    times={"day": "de jour", "dawn": "à l’aube", "evening": "dans la lumière du soir",
           "night": "de nuit"},
    weather={"rain": "pluie", "snow": "neige", "storm": "orage", "fog": "brouillard",
             "rainbow": "arc-en-ciel", "overcast": "ciel gris", "stars": "étoiles"},
    relations={"on": "sur", "in": "dans", "behind": "derrière", "before": "devant",
               "left": "à gauche de", "right": "à côté de", "above": "au-dessus de",
               "under": "sous"},
    endings=("es", "s", "x", "e"),
    adjectives_follow=True,
)  # fmt: skip
